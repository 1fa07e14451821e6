"""Lists of another length, in a request and its answer.

A list of three texts or more, or of four numbers or more, loses its second item; a list of two texts gets one more,
unless a schema lists what they may be. Two or three numbers are ends, or coordinates, and stay so many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from benchmarks.function_calling.plain_values import Number
from benchmarks.function_calling.values import Key, Spot, Value

_BETWEEN = re.compile(r"""['"\])]*\s*(?:,|;|,? ?(?:and|or|&))?\s*['"\[(]*""")
_EXTRA = "Marigold"
_LEAST = 4
"""Numbers that are a list, and no pair or triple."""


def change_length(
    text: str,
    accepted: list[Any],
    parts: Sequence[Value],
    spots: Mapping[Key, tuple[Spot, ...]],
    edits: dict[tuple[int, int], str],
) -> None:
    """Take the second item out of a list, or give one more to a list of two.

    Nothing is done where the items do not follow each other in the text, or stand in several places.

    Args:
        text: the request.
        accepted: the accepted values of one parameter, which are changed.
        parts: the items of the list as they stand in the text.
        spots: where values stand in the text.
        edits: what is written in which place, which is changed.
    """
    lists = [each for each in accepted if isinstance(each, list)]
    is_flat = all(len(each) == len(parts) and not isinstance(each[0], list) for each in lists)
    once = {part.key for part in parts if len(spots[part.key]) == 1}
    if not lists or not is_flat or not 2 <= len(parts) == len(once):
        return
    places = [spots[part.key][0] for part in parts]
    pairs = list(pairwise(places))
    if not all(a.end <= b.start and _BETWEEN.fullmatch(text[a.end : b.start]) for a, b in pairs):
        return
    are_numbers = any(isinstance(part, Number) for part in parts)
    if len(parts) >= (_LEAST if are_numbers else 3):
        _drop(lists, places, edits)
    elif not are_numbers and not any(getattr(part, "options", ()) for part in parts):
        _add(lists, places[0], edits, text[places[0].end : places[1].start])


def _drop(lists: Sequence[list[Any]], places: Sequence[Spot], edits: dict[tuple[int, int], str]) -> None:
    gone = lists[0][1]
    for each in lists:
        each.remove(gone)
    del edits[places[1].start, places[1].end]
    edits[places[0].end, places[1].end] = ""


def _add(lists: Sequence[list[Any]], place: Spot, edits: dict[tuple[int, int], str], between: str) -> None:
    new = _EXTRA if str(lists[0][0])[:1].isupper() else _EXTRA.lower()
    quotes = re.findall(r"['\"]", between)
    for each in lists:
        each.insert(1, new)
    edits[place.start, place.end] += f"{quotes[0]}, {quotes[0]}{new}" if quotes else f", {new}"
