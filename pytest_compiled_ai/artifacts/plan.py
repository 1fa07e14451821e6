"""What is about to change on disk: made whole, shown as a diff, then written, each file in one step."""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pytest_compiled_ai.errors import ConfigError

_LEFTOVER = re.compile(r"\..+\.(?:py|json)\.[a-z0-9_]{8}\.tmp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file's old and new text; `old` is None where the file does not exist yet."""

    path: Path
    old: str | None
    new: str

    @property
    def is_needed(self) -> bool:
        """Return whether the file would differ."""
        return self.old != self.new


def plan_change(path: Path, new: str) -> Change:
    """Return the change that makes `path` hold `new`."""
    # What is no text is replaced as well, and a diff shows it as well as it can.
    old = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    return Change(path=path, old=old, new=new)


def render_diff(changes: Iterable[Change], root: Path) -> str:
    """Return a unified diff of all changes, with paths relative to `root`."""
    lines: list[str] = []
    for change in changes:
        name = change.path.relative_to(root).as_posix()
        old = (change.old or "").splitlines(keepends=True)
        before = f"a/{name}" if change.old is not None else "/dev/null"
        lines += difflib.unified_diff(old, change.new.splitlines(keepends=True), before, f"b/{name}")
    return "".join(lines)


def apply_changes(changes: Iterable[Change]) -> None:
    """Write every change that is needed, in order; each file holds its old text or its new one at any moment.

    Raises:
        ConfigError: a folder or a file cannot be written.
    """
    for change in changes:
        if change.is_needed:
            write_atomically(change.path, change.new)


def write_atomically(path: Path, text: str) -> None:
    """Put `text` into `path` through a temporary file in the same folder, and drop stale bytecode.

    A file that has Windows' line ends keeps them.

    Raises:
        ConfigError: the folder or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline=_line_end(path, text)) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            _date(Path(name), path)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        if path.suffix == ".py":
            Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror or error}); nothing was changed there.") from None


def find_leftovers(folder: Path) -> tuple[Path, ...]:
    """Return the temporary files below `folder` that killed writes left."""
    return tuple(sorted(path for path in folder.rglob(".*.tmp") if _LEFTOVER.fullmatch(path.name)))


def remove_leftovers(folder: Path) -> None:
    """Remove them; whoever does holds the project's lock, so that no write is on."""
    for path in find_leftovers(folder):
        with contextlib.suppress(OSError):
            path.unlink()


def _line_end(path: Path, text: str) -> str:
    if "\r\n" in text:
        # It was read to the byte, and is written so.
        return "\n"
    try:
        with path.open("rb") as file:
            return "\r\n" if file.readline().endswith(b"\r\n") else "\n"
    except OSError:
        return "\n"


def _date(new: Path, old: Path) -> None:
    # Bytecode is taken for a source's by its size and its second of change, so two versions must not share a second:
    # https://github.com/python/cpython/issues/120932
    if old.suffix == ".py" and old.exists():
        second = max(int(new.stat().st_mtime), int(old.stat().st_mtime) + 1)
        os.utime(new, (second, second))


def check_writable(folder: Path) -> None:
    """Find out before any prompt is sent whether files can be made in `folder` or its nearest existing parent.

    Raises:
        ConfigError: they can't.
    """
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(
            f"{existing} cannot be written ({reason}), so no artifact could be kept; mend that first."
        ) from None
