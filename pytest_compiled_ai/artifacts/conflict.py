"""A file that a merge left with conflict markers: the text of either side."""

from __future__ import annotations

_OURS, _BASE, _THEIRS, _END = "<<<<<<<", "|||||||", "=======", ">>>>>>>"


def sides_of(text: str) -> tuple[str, ...]:
    """Return the text as our side has it and as theirs does; the text alone where no conflict is marked."""
    if not is_conflicted(text):
        return (text,)
    return _take_side(text, _OURS), _take_side(text, _THEIRS)


def is_conflicted(text: str) -> bool:
    """Return whether a conflict is marked: a beginning, a middle and an end, in that order."""
    if _OURS not in text:
        return False
    wanted = [_OURS, _THEIRS, _END]
    for line in text.split("\n"):
        if wanted and _marker(line) == wanted[0]:
            wanted.pop(0)
    return not wanted


def _take_side(text: str, side: str) -> str:
    taken, present = [], ""
    for line in text.split("\n"):
        marker = _marker(line)
        if marker == _OURS or (marker and present):
            present = "" if marker == _END else marker
        elif present in {"", side}:
            taken.append(line)
    return "\n".join(taken)


def _marker(line: str) -> str:
    """Return the marker that a line is, or ""."""
    marker, rest = line[:7], line[7:].rstrip("\r")
    if marker == _THEIRS:
        return "" if rest else marker
    return marker if marker in {_OURS, _BASE, _END} and (not rest or rest.startswith(" ")) else ""
