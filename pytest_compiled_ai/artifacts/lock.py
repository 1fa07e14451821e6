"""One compile at a time in a project: an editor and a terminal may both start one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from pytest_compiled_ai.errors import ConfigError

STATE_FOLDER = ".compiled-ai"


def state_folder(root: Path) -> Path:
    """Return the project's own scratch folder, made on first use with a .gitignore that hides it.

    Raises:
        ConfigError: it cannot be made.
    """
    folder = root / STATE_FOLDER
    try:
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("# Failures kept for `compiled-ai explain`; safe to delete.\n*\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written ({error.strerror or error}).") from None
    return folder


@contextmanager
def hold_lock(root: Path, on_wait: Callable[[], None], seconds: float = 3600) -> Iterator[None]:
    """Hold the project's compile lock; `on_wait` is called once where another compile has it.

    Raises:
        ConfigError: the other compile did not end within `seconds`, or there can be no lock.
    """
    lock = FileLock(state_folder(root) / "lock")
    if not _acquire(lock, 0):
        on_wait()
        if not _acquire(lock, seconds):
            raise ConfigError(f"another compile still holds {lock.lock_file}; end it or wait, then run again.")
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: BaseFileLock, seconds: float) -> bool:
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        return False
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"{lock.lock_file} cannot be locked ({reason}), and two compiles at once could lose a body."
        ) from None
    return True
