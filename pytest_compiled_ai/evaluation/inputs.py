"""The inputs on which bodies that pass all tests are compared."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from random import Random

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.draws import Arguments, draw_inputs
from pytest_compiled_ai.evaluation.hints import find_fixed, make_arguments
from pytest_compiled_ai.evaluation.neighbours import make_neighbours
from pytest_compiled_ai.evaluation.properties import read_properties
from pytest_compiled_ai.specs.syntax import Function

__all__ = ["Input", "make_inputs"]

_TRIES = 8
"""Inputs that a source is asked for, as a multiple of what is wanted: many come twice."""
_LONGEST = 400
"""Characters of an input; where the tests have longer ones, twice theirs."""


def make_inputs(
    function: Function,
    imports: Sequence[Import],
    rows: Sequence[Input],
    *,
    seed: int,
    count: int,
    tests: Iterable[ast.Module] = (),
) -> tuple[Input, ...]:
    """Return up to `count` different inputs for a function, none of them a row; the same ones for the same seed.

    Every second one is a neighbour of a row. The others are drawn from what property tests give the function, and from
    what its annotations allow; where a source has no more, the others fill its places.

    Args:
        function: the stub.
        imports: what the names in its annotations mean.
        rows: what its tests call it with.
        seed: decides all choices.
        count: how many are wanted.
        tests: the modules of its tests.
    """
    drawn = [each for tree in tests for each in read_properties(tree, function.name)]
    near = make_neighbours(rows, _random(seed, "near"), _TRIES * count, fixed=find_fixed(function, imports))
    given = _draw_each(drawn, seed, "given", count)
    allowed = make_arguments(function, imports)
    hinted = _draw_each([] if allowed is None else [allowed], seed, "hinted", count)
    longest = max([_LONGEST, *(2 * len(row.text) for row in rows)])
    short = (each for each in _interleave(near, given, hinted) if len(each.text) <= longest)
    return tuple(islice(_new(short, set(rows)), count))


def _draw_each(strategies: Sequence[Arguments], seed: int, label: str, count: int) -> Iterator[Input]:
    draws = [draw_inputs(each, _random(seed, f"{label} {n}"), 2 * count) for n, each in enumerate(strategies)]
    return _take_turns(draws)


def _interleave(near: Iterator[Input], given: Iterator[Input], hinted: Iterator[Input]) -> Iterator[Input]:
    # An iterator that stands here twice is asked twice in each round.
    return _take_turns([near, given, near, hinted])


def _take_turns(sources: Sequence[Iterator[Input]]) -> Iterator[Input]:
    turns = list(sources)
    while turns:
        rounds = [list(islice(source, 1)) for source in turns]
        yield from chain.from_iterable(rounds)
        turns = [source for source, found in zip(turns, rounds, strict=True) if found]


def _new(inputs: Iterable[Input], known: set[Input]) -> Iterator[Input]:
    for each in inputs:
        if each not in known:
            known.add(each)
            yield each


def _random(seed: int, label: str) -> Random:
    return Random(f"{seed} {label}")  # noqa: S311 (it has to be repeatable)
