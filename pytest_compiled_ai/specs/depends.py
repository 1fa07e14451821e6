"""The data files that `@spec(depends=[...])` names: found and hashed alike on every Python.

What `pathlib`'s `**` fits at the end of a pattern, and which links it follows, changed in Python 3.13.
"""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pytest_compiled_ai.specs.model import SpecLineError

_LENGTH = 32
_ANY_DEPTH = "**"


def find_data(glob: str, root: Path, generated: Path) -> tuple[str, ...]:
    """Return the files that a glob fits, relative to `root`, sorted; none where it points out of the project.

    `*` stays within a folder, `**` is any number of folders. What begins with a dot is met by a dot alone, links to
    folders only by their names. Compiled bodies are nobody's data: what is in `generated` or `__pycache__` is left out.

    Raises:
        OSError: a folder on the way cannot be read.
    """
    path = PurePosixPath(glob)
    if path.is_absolute() or ".." in path.parts:
        return ()
    return tuple(sorted({found.relative_to(root).as_posix() for found in _matches(root, path.parts, generated)}))


def is_inside(root: Path, relative: str) -> bool:
    """Say whether a file is in the project still when all links on the way to it are followed."""
    return (root / relative).resolve().is_relative_to(root.resolve())


def hash_data(root: Path, relative: str) -> str:
    """Return the hash of a data file's bytes, as they are.

    Raises:
        SpecLineError: it cannot be read.
    """
    try:
        with (root / relative).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:_LENGTH]
    except OSError as error:
        raise SpecLineError(relative, 1, f"cannot be read: {error.strerror}.") from None


def _matches(folder: Path, parts: tuple[str, ...], generated: Path) -> Iterator[Path]:
    if not parts:
        return
    head, *rest = parts
    entries = [entry for entry in sorted(folder.iterdir()) if entry.name != "__pycache__" and entry != generated]
    if head == _ANY_DEPTH:
        yield from _matches(folder, tuple(rest) or ("*",), generated)
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink() and _fits(entry.name, "*"):
                yield from _matches(entry, parts, generated)
        return
    for entry in (entry for entry in entries if _fits(entry.name, head)):
        if rest and entry.is_dir():
            yield from _matches(entry, tuple(rest), generated)
        elif not rest and entry.is_file():
            yield entry


def _fits(name: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern) and (pattern.startswith(".") or not name.startswith("."))
