"""A call with other values: every value of its answer that stands in its request is replaced, in both.

All places where a value stands, which `places` finds, get the same other value, and two equal values of an answer get
equal ones. What values stand for each other says `values`. In scoring, every other call has one item more or less in
its lists, as `lengths` says. Where a schema speaks of a larger or a smaller number, numbers keep their order. A value
that stands nowhere stays as it is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from typing import Any

from benchmarks.function_calling.calls import LEFT_OUT, Call
from benchmarks.function_calling.checker import standardize
from benchmarks.function_calling.lengths import change_length
from benchmarks.function_calling.lists import Kind
from benchmarks.function_calling.places import Places, find_places, map_leaves, values_of
from benchmarks.function_calling.reading import read_value
from benchmarks.function_calling.values import Draw, Key

_TRIES = 50
_ORDERED = re.compile(r"\b(?:larger|smaller|greater|bigger|minimum|maximum|min|max|lower|upper)\b")


def perturb(call: Call, kind: Kind, number: int) -> Call | None:
    """Return the call with other values, or None where no value stands in its text.

    Args:
        call: the call as the set has it.
        kind: the kinds of replacement: for the tests of its spec, or for scoring.
        number: the how-manyth such call, from 0.
    """
    places = find_places(call)
    if not places.spots:
        return None
    drawn = _draw(call, places, kind, number)
    edits = {(s.start, s.end): s.write(drawn[key]) for key, spots in places.spots.items() for s in spots}
    answer = {name: _accept(call, name, places, drawn) for name in call.answer}
    if kind == "scoring" and number % 2:
        for name in places.chosen:
            parts = list(values_of(call, name, places.chosen[name]))
            change_length(call.text, answer[name], parts, places.spots, edits)
    text = call.text
    for (start, end), written in sorted(edits.items(), reverse=True):
        text = text[:start] + written + text[end:]
    return replace(call, id=f"{call.id}-{kind}-{number}", text=text, answer=answer)


def _draw(call: Call, places: Places, kind: Kind, number: int) -> dict[Key, Any]:
    chance = random.Random(f"{call.id} {kind} {number}")
    signed = any(name == "number" and value < 0 for name, value in places.spots)
    taken = {value.key for name in call.properties for each in call.answer.get(name, ())
             for value in values_of(call, name, each)}  # fmt: skip
    drawn: dict[Key, Any] = {}
    for key, spots in places.spots.items():
        others: set[Key] = {_key_of(other, value) for other, value in drawn.items()} | taken
        for attempt in range(_TRIES):
            drawn[key] = places.values[key].draw(spots[0].form, Draw(kind, number, attempt, chance, signed))
            # A percentage may be one number divided by 100, and another multiplied by 0.01: no test can tell.
            is_plain = kind == "scoring" or len(places.values[key].place(drawn[key])) == 1
            # A value of the call, or a word of its text, would make the answer ambiguous.
            if is_plain and _key_of(key, drawn[key]) not in others and str(drawn[key]).lower() not in call.text.lower():
                break
    if any(_ORDERED.search(f"{name} {schema.get('description', '')}") for name, schema in call.properties.items()):
        _keep_order(drawn)
    return drawn


def _key_of(key: Key, drawn: Any) -> Key:
    return key[0], standardize(drawn) if isinstance(drawn, str) else drawn


def _keep_order(drawn: dict[Key, Any]) -> None:
    keys = [key for key in drawn if key[0] == "number"]
    drawn |= dict(zip(sorted(keys, key=lambda key: key[1]), sorted(drawn[key] for key in keys), strict=True))


def _accept(call: Call, name: str, places: Places, drawn: Mapping[Key, Any]) -> list[Any]:
    accepted = call.answer[name]
    if name not in places.chosen:
        return list(accepted)
    chosen = places.chosen[name]

    def change(part: Any) -> Any:
        value = read_value(part, name, call.properties[name])
        assert value
        return value.place(drawn[value.key])

    if not isinstance(chosen, list):
        found = change(chosen)
    else:
        found = [map_leaves(chosen, lambda part: change(part)[0])]
        if any(isinstance(each, list) and each != chosen and sorted(map(str, each)) == sorted(map(str, chosen))
               for each in accepted):  # fmt: skip
            found = [list(order) for order in permutations(found[0])]
    return [*found, LEFT_OUT] if LEFT_OUT in accepted else found
