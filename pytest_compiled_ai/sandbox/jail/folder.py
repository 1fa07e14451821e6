"""A throw-away folder that not even `kill -9` leaves for good: its maker locks it, and what nobody locks is removed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.removal import FOLDER, remove

_PREFIX = "compiled-ai-"
_KINDS = ("private", "project", "scratch", "shadow", "zygote")


class Folder:
    """A folder `path` of one of the kinds, for this process; `close` removes it, whatever a hostile child left in it.

    Raises:
        SandboxError: there is no room for it.
    """

    def __init__(self, kind: str) -> None:
        assert kind in _KINDS
        try:
            self.path, self._lock = _make(f"{_PREFIX}{kind}-")
        except OSError as error:
            raise SandboxError(
                f"sandbox: no folder can be made in {tempfile.gettempdir()} ({error.strerror or error}); make room "
                "there, or let TMPDIR name another place."
            ) from None

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove it; may be called twice."""
        if self.path.exists():
            remove(self.path)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def clear_abandoned() -> None:
    """Remove the folders that killed processes of this user left."""
    for path in _find_folders(Path(tempfile.gettempdir())):
        with suppress(OSError):
            lock = os.open(path, FOLDER)
            try:
                if os.fstat(lock).st_uid == os.geteuid():
                    _hold(lock, wait=False)
                    remove(path)
            finally:
                os.close(lock)


def _find_folders(place: Path) -> Iterator[Path]:
    for kind in _KINDS:
        yield from place.glob(f"{_PREFIX}{kind}-*")


def _make(prefix: str) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
        lock = os.open(path, FOLDER)
        # A file system without such locks leaves what it is left with: it cannot tell the dead from the living.
        with suppress(OSError):
            _hold(lock, wait=True)
        if path.exists():
            return path, lock
        # Another process has cleared it away before it was locked.
        os.close(lock)


def _hold(lock: int, *, wait: bool) -> None:
    # Windows has no jail and no such module, and must be able to import this one.
    import fcntl

    fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
