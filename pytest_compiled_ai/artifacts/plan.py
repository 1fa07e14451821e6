"""What is about to change on disk: made whole, shown as a diff, then written, each file in one step."""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pytest_compiled_ai.errors import ConfigError


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
    old = path.read_text(encoding="utf-8") if path.is_file() else None
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

    Raises:
        ConfigError: the folder or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        if path.suffix == ".py":
            # A rewrite within one second and of equal size would be taken for the old bytecode's source:
            # https://github.com/python/cpython/issues/120932
            Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror or error}); nothing was changed there.") from None


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
