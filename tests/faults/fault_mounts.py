"""File systems of one process's own: a full disk, a tree that only can be read."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from fault_ground import in_child

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_RDONLY, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 32, 4096, 16384, 1 << 18
_NONE = 77
_libc = ctypes.CDLL(None, use_errno=True)


def in_own_mounts(act: Callable[[], None]) -> None:
    """Do something in a child that may mount what nobody else sees; skip where no process may."""

    def enter() -> None:
        try:
            _enter()
        except OSError:
            os._exit(_NONE)
        act()

    code = in_child(enter)
    if code == _NONE:
        pytest.skip("no namespace for mounts can be had here")
    assert code == 0


def mount_small(folder: Path, *, pages: int) -> None:
    """Put a disk of so many pages in the place of a folder, with what was in it."""
    content = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    _mount("tmpfs", folder, "tmpfs", 0, f"size={pages * os.sysconf('SC_PAGE_SIZE')}")
    for name, text in content.items():
        (folder / name).write_bytes(text)


def fill(folder: Path) -> None:
    """Leave no room on a folder's disk."""
    with (folder / "ballast").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def mount_read_only(folder: Path) -> None:
    """Have a folder refuse every write."""
    _mount(str(folder), folder, None, _BIND, None)
    _mount("none", folder, None, _BIND | _REMOUNT | _RDONLY, None)


def _enter() -> None:
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(_NEW_MOUNTS | (0 if user == 0 else _NEW_USER)):
        raise OSError(ctypes.get_errno(), "unshare")
    if user:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            Path("/proc/self", name).write_text(text)
    _mount("none", Path("/"), None, _REC | _PRIVATE, None)


def _mount(source: str, target: Path, kind: str | None, flags: int, data: str | None) -> None:
    given = (text.encode() if text else None for text in (kind, data))
    kind_bytes, data_bytes = given
    if _libc.mount(source.encode(), os.fsencode(target), kind_bytes, ctypes.c_ulong(flags), data_bytes):
        raise OSError(ctypes.get_errno(), "mount", str(target))
