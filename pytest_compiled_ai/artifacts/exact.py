"""A file's text to the byte: with its own line ends, split where Python's parser counts lines."""

from __future__ import annotations

import io
from pathlib import Path

from pytest_compiled_ai.errors import ConfigError


def read_exact(path: Path) -> str:
    """Return the text with its line ends as they are, a byte order mark included.

    Raises:
        ConfigError: the file cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror or error}).") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8.") from None


def lines_of(text: str) -> list[str]:
    """Return the lines with their ends; `str.splitlines` would split at form feeds, too."""
    return list(io.StringIO(text, newline=""))


def newline_of(text: str) -> str:
    """Return the line end that a text uses."""
    first = next(iter(io.StringIO(text, newline="")), "\n")
    return first[len(first.rstrip("\r\n")) :] or "\n"


def with_blanks(lines: list[str], start: int, end: int) -> tuple[int, int]:
    """Return a cut with the blank lines on one side of it, so that those on the other part what stays."""
    above, below = start, end
    while above and not lines[above - 1].strip():
        above -= 1
    while below < len(lines) and not lines[below].strip():
        below += 1
    if not above:
        return above, below
    if below == len(lines) or 0 < start - above <= below - end:
        return above, end
    return (start, below) if start - above > below - end > 0 else (start, end)
