"""Namespaces: a process sees no network, no processes but its own, and no mounts that others would see."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from pytest_compiled_ai.sandbox.kernel.libc import machine, syscall
from pytest_compiled_ai.sandbox.kernel.syscalls import numbers

_MOUNTS, _HOST_NAME, _MESSAGES, _USERS, _PROCESSES, _NETWORK = (
    0x0002_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
)  # fmt: skip
_ALL: Final = _MOUNTS | _HOST_NAME | _MESSAGES | _PROCESSES | _NETWORK


def enter() -> bool:
    """Move this process, which must have one thread, into namespaces of its own; its next child is their init.

    Returns False where the system allows none; nothing has changed then. Root needs no user namespace, and keeps its
    access to the files of others without one.
    """
    name = machine()
    if name is None:
        return False
    user, group = os.geteuid(), os.getegid()
    if _unshare(name, _ALL):
        return True
    if not _unshare(name, _ALL | _USERS):
        return False
    with suppress(OSError):
        _map_ids(user, group)
    return True


def _unshare(name: str, flags: int) -> bool:
    try:
        syscall(numbers(name)["unshare"], flags)
    except OSError:
        return False
    return True


def _map_ids(user: int, group: int) -> None:
    for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", file).write_text(text, encoding="ascii")
