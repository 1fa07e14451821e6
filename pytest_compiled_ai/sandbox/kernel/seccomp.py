"""Seccomp: put the filter of system calls over this process; it cannot be taken off again."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from typing import Final

from pytest_compiled_ai.sandbox.kernel.filter import Instruction, assemble, build
from pytest_compiled_ai.sandbox.kernel.libc import PR_SET_NO_NEW_PRIVS, machine, prctl, syscall

_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER, _TSYNC = 1, 1


def install(pid: int, program: Callable[[str, int], list[Instruction]] = build) -> bool:
    """Put a filter over all threads of this process, `pid`; return False where the machine or kernel has none.

    `program` makes it from the machine's name and the process id; it is the jailed one unless another is given.
    """
    name = machine()
    if name is None:
        return False
    code = assemble(program(name, pid))
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    try:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        syscall(_SECCOMP[name], _SET_MODE_FILTER, _TSYNC, ctypes.create_string_buffer(header, len(header)))
    except OSError:
        return False
    return True
