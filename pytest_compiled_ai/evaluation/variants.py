"""Small changes of one value that keep its type."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

_LARGEST = 10**12
"""No number is made ten times as large beyond this: a body may count up to it."""


def vary(value: Any, others: Sequence[Any], random: Random) -> Any:
    """Return a value of the same type that is near to one, or that one where nothing is.

    Args:
        value: the value; it is not changed.
        others: what else stands in its place; characters and items come from there.
        random: where all choices come from.
    """
    alike = [other for other in others if type(other) is type(value)] or [value]
    with suppress(ArithmeticError, ValueError):
        match value:
            case bool():
                return not value
            case int() | float() | Decimal() | Fraction():
                return random.choice(_numbers(value, random.choice(alike)))
            case str() | bytes():
                return _vary_text(value, alike, random)
            case list() | tuple():
                return type(value)(_vary_items(list(value), alike, random))
            case dict():
                return _vary_pairs(value, alike, random)
            case set() | frozenset():
                pools = [sorted(other, key=repr) for other in alike]
                return type(value)(_vary_items(sorted(value, key=repr), pools, random, fixed=False))
            case date() | timedelta():
                return random.choice(_times(value, random.choice(alike)))
    return random.choice(others) if others else value


def _numbers(value: Any, other: Any) -> list[Any]:
    kind = type(value)
    step = Decimal((0, (1,), int(value.as_tuple().exponent))) if isinstance(value, Decimal) else kind(1)
    near = [value + step, value - step, -value, kind(0), other, other + step]
    return [*near, kind(10) * value] if abs(value) < _LARGEST else near


def _times(value: date | timedelta, other: date | timedelta) -> list[Any]:
    if isinstance(value, timedelta):
        second = timedelta(seconds=1)
        return [value + second, value - second, -value, 2 * value, timedelta(0), other]
    day = timedelta(days=1)
    steps = [day, -day, 31 * day, -31 * day, 365 * day]
    steps += [timedelta(seconds=1), timedelta(hours=-1)] if isinstance(value, datetime) else []
    return [other, *(value + step for step in steps)]


def _vary_text(value: Any, alike: Sequence[Any], random: Random) -> Any:
    other, space = random.choice(alike), " " if isinstance(value, str) else b" "
    characters = sorted({each[at : at + 1] for each in alike for at in range(len(each))}) or [space]
    new, at, end = random.choice(characters), random.randrange(len(value) + 1), random.randrange(len(value) + 1)
    return random.choice(
        [
            value[:at] + value[at + 1 :],
            value[:at] + value[max(at - 1, 0) :],
            value[:at] + value[at : at + 1].swapcase() + value[at + 1 :],
            value[:at] + new + value[at:],
            value[:at] + new + value[at + 1 :],
            value[:at] + space + value[at:],
            value[:at] + other[min(at, len(other)) :],
            value[min(at, end) : max(at, end)],
            value + other,
            value.upper(),
            value.lower(),
            value[:0],
        ]
    )


def _vary_items(items: list[Any], alike: Sequence[Any], random: Random, *, fixed: bool | None = None) -> list[Any]:
    """Return other items; `fixed` says that there are as many of them as before, as in a tuple of two."""
    if fixed is None:
        fixed = isinstance(alike[0], tuple) and len({len(other) for other in alike}) == 1
    pool = [item for other in alike for item in other]
    if not items:
        return random.sample(pool, min(len(pool), 1))
    at, to = random.randrange(len(items)), random.randrange(len(items))
    changed = [*items[:at], vary(items[at], [other for other in pool if type(other) is type(items[at])], random)]
    swapped = list(items)
    swapped[at], swapped[to] = items[to], items[at]
    choices = [[*changed, *items[at + 1 :]], [*changed, *items[at + 1 :]], swapped]
    if not fixed:
        lengths = [items[:at] + items[at + 1 :], [*items[:at], items[at], *items[at:]], [*items, random.choice(pool)]]
        choices += [*lengths, items[::-1], items[:at], []]
    return random.choice(choices)


def _vary_pairs(value: dict[Any, Any], alike: Sequence[dict[Any, Any]], random: Random) -> dict[Any, Any]:
    pairs = [(key, item) for other in alike for key, item in other.items()]
    if not pairs:
        return value
    key, item = random.choice(pairs)
    if key not in value or random.random() < 0.2:
        return {**value, key: item}
    if random.random() < 0.4:
        return {each: other for each, other in value.items() if each != key}
    return {**value, key: vary(value[key], [other for name, other in pairs if name == key], random)}
