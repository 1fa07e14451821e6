"""What a jailed process gives up before it runs anything: root's powers, and a life longer than its parent's."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from typing import Final

from pytest_compiled_ai.sandbox.kernel.libc import PR_SET_PDEATHSIG, machine, prctl, syscall

_CAPSET: Final = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3: Final = 0x2008_0522


def drop() -> None:
    """Give up every capability; an ordinary user has none and loses none.

    Raises:
        OSError: the kernel refused it.
    """
    name = machine()
    if name is None:
        return
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    nothing = bytes(24)
    syscall(_CAPSET[name], ctypes.create_string_buffer(header, len(header)), ctypes.create_string_buffer(nothing, 24))


def die_with(parent: int) -> None:
    """Let the kernel kill this process when its parent is gone; leave at once if it is gone already."""
    if sys.platform != "linux":
        return
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
