"""The throw-away folder of one jailed run: the only place where the child may write."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

ENDLESS = 1 << 62

# Windows knows none of them, and has no jail; the module must still be importable there.
_FOLDER = sum(getattr(os, flag, 0) for flag in ("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC"))


class Scratch:
    """A folder that is gone when the `with` block ends, whatever a hostile child has left in it.

    `tmp` and `home` are the child's own, `given` is what it may only read, and the rest is hidden from it.
    """

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="compiled-ai-")).resolve()
        self.tmp = self._folder("tmp")
        self.home = self._folder("home")
        self.given = self._folder("given")

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(mode=0o700)
        return folder

    def __enter__(self) -> Scratch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        remove(self.root)

    def measure(self, entries: int) -> int:
        """Return the bytes in the child's own folders, or `ENDLESS` for more than `entries` files and folders."""
        total = 0
        for count, entry in enumerate(_below(self.tmp, self.home)):
            if entry is None or count >= entries:
                return ENDLESS
            # Blocks, not sizes: a sparse file of a terabyte takes no room.
            total += entry.st_blocks * 512
        return total


def remove(folder: Path) -> None:
    """Delete a folder that a hostile process has filled: no link is followed, and no depth or mode stops it.

    It walks by descriptors, one open at a time, because the path of what lies deep enough is too long to be used.
    """
    here = os.open(folder, _FOLDER)
    try:
        levels = [("", _unlink_files(here))]
        while levels:
            name, folders = levels[-1]
            if folders:
                inner = folders.pop()
                os.chmod(inner, 0o700, dir_fd=here)
                here = _step(here, inner)
                levels.append((inner, _unlink_files(here)))
            else:
                levels.pop()
                if levels:
                    here = _step(here, "..")
                    os.rmdir(name, dir_fd=here)
    finally:
        os.close(here)
    folder.rmdir()


def _step(here: int, name: str) -> int:
    there = os.open(name, _FOLDER, dir_fd=here)
    os.close(here)
    return there


def _unlink_files(here: int) -> list[str]:
    folders = []
    with os.scandir(here) as found:
        entries = list(found)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        else:
            os.unlink(entry.name, dir_fd=here)
    return folders


def _below(*folders: Path) -> Iterator[os.stat_result | None]:
    pending = [os.fspath(folder) for folder in folders]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    yield entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
        except OSError as error:
            # Too deep to look into: there is no honest reason for that. What vanished meanwhile counts for nothing.
            if error.errno == errno.ENAMETOOLONG:
                yield None
