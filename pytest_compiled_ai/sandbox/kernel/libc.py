"""Raw system calls, for the mechanisms that the standard library does not wrap."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_NO_NEW_PRIVS: Final = 38

MEASURED: Final = "x86_64"
MACHINES: Final = (MEASURED, "aarch64")
"""The machines whose system call numbers are known; those of aarch64 are unmeasured."""


def machine() -> str | None:
    """Return the name of this machine if its system calls are known (64-bit Linux), else None."""
    name = platform.machine()
    known = sys.platform == "linux" and name in MACHINES and sys.maxsize > 2**32
    return name if known else None


def syscall(number: int, *arguments: object) -> int:
    """Make one system call and return its result.

    Raises:
        OSError: the kernel refused it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(ctypes.c_long(number), *(_word(argument) for argument in arguments)))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def prctl(option: int, value: int) -> None:
    """Set one attribute of this process.

    Raises:
        OSError: the kernel refused it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, *(ctypes.c_ulong(number) for number in (value, 0, 0, 0))):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _word(argument: object) -> object:
    return ctypes.c_long(argument) if isinstance(argument, int) else argument
