"""The few labelled examples that a prompt shows: visible ones, short, and with different labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pytest_compiled_ai.golden.labels import Labels
from pytest_compiled_ai.golden.rows import Row

_SHOWN: Final = 3
_LONGEST: Final = 240
"""Characters of one line of a prompt."""


def choose_shown(labels: Labels) -> tuple[Row, ...]:
    """Return the rows that stand in a prompt: the shortest of each label first."""
    short = sorted((row for row in labels.visible if len(write_row(row, "")) <= _LONGEST), key=_length)
    return tuple(_by_turns(short))[:_SHOWN]


def write_shown(labels: Labels, name: str) -> str:
    """Return them as they stand in a prompt, empty where all are too long."""
    lines = [f"# {write_row(row, name)}" for row in choose_shown(labels)]
    more = len(labels.visible) + len(labels.held) - len(lines)
    head = f"# Labelled examples, values as in JSON; {more} more like these are scored ({labels.metric}):"
    return "\n".join([head, *lines]) if lines else ""


def write_row(row: Row, name: str) -> str:
    """Return a row in one line, for a model to read."""
    named = (f"{key}={value!r}" for key, value in row.keywords.items())
    return f"{name}({', '.join((*map(repr, row.arguments), *named))}) -> {row.expected!r}"


def _by_turns(rows: Sequence[Row]) -> Iterator[Row]:
    waiting = list(rows)
    while waiting:
        met: set[str] = set()
        rest = []
        for row in waiting:
            if repr(row.expected) in met:
                rest.append(row)
                continue
            met.add(repr(row.expected))
            yield row
        waiting = rest


def _length(row: Row) -> tuple[int, str]:
    return len(write_row(row, "")), row.key
