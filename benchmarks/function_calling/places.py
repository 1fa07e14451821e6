"""Where the values of an answer stand in the text of its request.

Of each parameter's accepted values, the one with the longest spelling counts of those that stand in the text, as they
are or in a plain variant: 5, `five`, `5.0`, 60% for 0.6 and 2 million; texts in any case, with any of the characters
between their words that the leaderboard's comparison ignores; dates in any form; a flag by a word of a pair of
opposites. Other flags, and nested objects, stand nowhere. A call in which a value that cannot be left out stands
nowhere is not derivable from its text, and is counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.function_calling.calls import LEFT_OUT, Call
from benchmarks.function_calling.reading import read_value
from benchmarks.function_calling.values import Key, Spot, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the values of a call stand in its text.

    `chosen` is the accepted value of each parameter that stands there; `spots` are the places of each of its parts.
    """

    chosen: Mapping[str, Any]
    values: Mapping[Key, Value]
    spots: Mapping[Key, tuple[Spot, ...]]


def is_derivable(call: Call) -> bool:
    """Tell whether every value that cannot be left out stands in the text."""
    chosen = find_places(call).chosen
    return all(name in chosen or call.may_omit(name) for name in call.answer)


def find_places(call: Call) -> Places:
    """Return where the values of a call's answer stand in its text."""
    chosen = {name: best for name in call.answer if (best := _choose(call, name)) is not None}
    while True:
        places = _claim(call, chosen)
        free = {name for name in chosen if all(value.key in places for value in values_of(call, name, chosen[name]))}
        if len(free) == len(chosen):
            return Places(chosen=chosen, values=_values(call, chosen), spots=places)
        chosen = {name: chosen[name] for name in chosen if name in free}


def values_of(call: Call, name: str, accepted: Any) -> Iterator[Value]:
    """Yield the parts of an accepted value that can stand in a text."""
    for part in _leaves(accepted):
        if value := read_value(part, name, call.properties[name]):
            yield value


def map_leaves(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a value with its parts changed, whatever lists they are in."""
    return [map_leaves(item, change) for item in value] if isinstance(value, list) else change(value)


def _leaves(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, list) else [value]


def _choose(call: Call, name: str) -> Any | None:
    """Return the accepted value of a parameter that stands in the text, by its longest spelling."""
    best, longest = None, 0
    for accepted in call.answer[name] if name in call.properties else ():
        parts = _leaves(accepted)
        found = [next(value.find(call.text), None) for value in values_of(call, name, accepted)]
        if accepted == LEFT_OUT or len(found) < len(parts) or None in found:
            continue
        length = sum(spot.end - spot.start for spot in found if spot)
        if length > longest:
            best, longest = accepted, length
    return best


def _values(call: Call, chosen: Mapping[str, Any]) -> dict[Key, Value]:
    """Return the values by their keys; of a number that is whole for one parameter, the whole one."""
    values = [value for name in chosen for value in values_of(call, name, chosen[name])]
    return {value.key: value for value in sorted(values, key=lambda value: bool(getattr(value, "is_whole", False)))}


def _claim(call: Call, chosen: Mapping[str, Any]) -> dict[Key, tuple[Spot, ...]]:
    """Give each place in the text to one value, the longest first."""
    found = [(spot, key) for key, value in _values(call, chosen).items() for spot in value.find(call.text)]
    taken: list[Spot] = []
    places: dict[Key, tuple[Spot, ...]] = {}
    for spot, key in sorted(found, key=lambda item: item[0].start - item[0].end):
        if all(spot.end <= other.start or other.end <= spot.start for other in taken):
            taken.append(spot)
            places[key] = (*places.get(key, ()), spot)
    return {key: tuple(sorted(spots, key=lambda spot: spot.start)) for key, spots in places.items()}
