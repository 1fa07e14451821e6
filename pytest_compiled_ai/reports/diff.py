"""Two texts beside each other: rows for a page, a unified diff for all else."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

CONTEXT = 3
"""Lines around a change that are shown."""
_WORD = re.compile(r"\w+|\s+|.")
_ALIKE = 0.4
"""Below this two lines are two lines, and no edit of one."""


class Piece(NamedTuple):
    """A piece of a line, and whether it is not in the other line."""

    text: str
    is_changed: bool


class Row(NamedTuple):
    """One line before and after; a line number is None where there is no line. `gap` rows stand for lines left out."""

    kind: Literal["same", "changed", "gap"]
    old_line: int | None
    old: tuple[Piece, ...]
    new_line: int | None
    new: tuple[Piece, ...]


def diff_rows(old: str, new: str) -> Iterator[Row]:
    """Yield the rows of a side-by-side diff, equal lines far from any change left out."""
    before, after = reveal(old).splitlines(), reveal(new).splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    seen = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if group[0][1] > seen or group[0][3] > seen:
            yield Row("gap", None, (), None, ())
        for tag, i, end_i, j, end_j in group:
            yield from _pair(before, after, (i, end_i), (j, end_j), is_same=tag == "equal")
        seen = group[-1][2]
    if 0 < seen < len(before):
        yield Row("gap", None, (), None, ())


def unified_diff(title: str, old: str, new: str) -> str:
    """Return a unified diff, with a newline at the end of each line; empty where the texts are equal."""
    before, after = (f"a/{title}" if old else "/dev/null"), (f"b/{title}" if new else "/dev/null")
    told = difflib.unified_diff(
        reveal(old).splitlines(), reveal(new).splitlines(), before, after, n=CONTEXT, lineterm=""
    )
    return "".join(f"{line}\n" for line in told)


def reveal(text: str) -> str:
    """Return a text with every character shown that a reader could not see, or that would reorder what they see."""
    return "".join(f"<U+{ord(c):04X}>" if _is_hidden(c) else c for c in text)


def _is_hidden(character: str) -> bool:
    return character not in "\t\n" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _pair(
    before: list[str], after: list[str], old: tuple[int, int], new: tuple[int, int], *, is_same: bool
) -> Iterator[Row]:
    for offset in range(max(old[1] - old[0], new[1] - new[0])):
        i, j = old[0] + offset, new[0] + offset
        has_old, has_new = i < old[1], j < new[1]
        pieces = _compare_lines(before[i] if has_old else "", after[j] if has_new else "")
        yield Row(
            "same" if is_same else "changed",
            i + 1 if has_old else None,
            pieces[0],
            j + 1 if has_new else None,
            pieces[1],
        )


def _compare_lines(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    words = _WORD.findall(old), _WORD.findall(new)
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    if not old or not new or matcher.ratio() < _ALIKE:
        return (Piece(old, False),), (Piece(new, False),)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, *ends in matcher.get_opcodes():
        for side, (start, end) in enumerate((ends[:2], ends[2:])):
            if end > start:
                pieces[side].append(Piece("".join(words[side][start:end]), tag != "equal"))
    return tuple(pieces[0]), tuple(pieces[1])
