"""Replies that will never end: a small model falls into saying the same again, and each line costs seconds."""

from __future__ import annotations

_COMMENTS = 12
"""Comment lines in a row that no function of a spec's size begins with."""
_LINES, _DISTINCT = 12, 3
"""So many lines, with so few distinct ones among them, go round in a circle."""


def is_runaway(text: str) -> bool:
    """Return whether a reply, as far as it has come, goes round in a circle."""
    lines = [line.strip() for line in text.split("\n")[:-1] if line.strip()]
    if len(lines) < _LINES:
        return False
    last = lines[-_LINES:]
    return len(set(last)) <= _DISTINCT or all(line.startswith("#") for line in lines[-_COMMENTS:])
