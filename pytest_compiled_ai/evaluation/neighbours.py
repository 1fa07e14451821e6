"""Calls that are nearly those of the tests: the same types, a little changed, so that they stay where the spec is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import cycle, islice
from random import Random
from typing import Any

from pytest_compiled_ai.evaluation.arguments import Input, make_input
from pytest_compiled_ai.evaluation.variants import vary

_MIXED, _TWICE = 0.25, 0.35
"""How often an argument is another row's as it is, and how often a second one is changed."""


def make_neighbours(
    rows: Sequence[Input], random: Random, count: int, *, fixed: Collection[int | str] = ()
) -> Iterator[Input]:
    """Yield up to `count` neighbours, of each row in turn; some are rows themselves, and some come again.

    Args:
        rows: what the tests call with.
        random: where all choices come from.
        count: how many are wanted.
        fixed: positions, and names of keywords, that only take what a row has there.
    """
    rows = [row for row in rows if row.text]
    for row in islice(cycle(rows), count):
        if near := _change(row, rows, random, fixed):
            yield near


def _change(row: Input, rows: Sequence[Input], random: Random, fixed: Collection[int | str]) -> Input | None:
    arguments, keywords = row.copies()
    for _ in range(2 if random.random() < _TWICE else 1):
        place = random.choice([*range(len(arguments)), *keywords])
        others = [value for other in rows for value in _values_at(other, place)]
        is_mixed = place in fixed or random.random() < _MIXED
        if isinstance(place, int):
            arguments[place] = random.choice(others) if is_mixed else vary(arguments[place], others, random)
        else:
            keywords[place] = random.choice(others) if is_mixed else vary(keywords[place], others, random)
    return make_input(arguments, keywords)


def _values_at(row: Input, place: int | str) -> list[Any]:
    if isinstance(place, str):
        return [value for name, value in row.keywords if name == place]
    return [row.arguments[place]] if place < len(row.arguments) else []
