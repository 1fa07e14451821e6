"""The throw-away folder of one jailed run: the only place where the child may write."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from pytest_compiled_ai.sandbox.jail.folder import Folder

ENDLESS = 1 << 62


class Scratch:
    """A folder that is gone when the `with` block ends, whatever a hostile child has left in it.

    `tmp` and `home` are the child's own, `given` is what it may only read, and the rest is hidden from it.
    """

    def __init__(self) -> None:
        self._own = Folder("scratch")
        self.root = self._own.path
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
        self._own.close()

    def measure(self, entries: int) -> int:
        """Return the bytes in the child's own folders, or `ENDLESS` for more than `entries` files and folders."""
        total = 0
        for count, entry in enumerate(_below(self.tmp, self.home)):
            if entry is None or count >= entries:
                return ENDLESS
            # Blocks, not sizes: a sparse file of a terabyte takes no room.
            total += entry.st_blocks * 512
        return total


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
