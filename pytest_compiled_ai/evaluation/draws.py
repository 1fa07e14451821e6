"""Draws from hypothesis' strategies that a seed decides, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from pytest_compiled_ai.evaluation.arguments import Input, make_input

Arguments = SearchStrategy[tuple[list[Any], dict[str, Any]]]
"""What gives positional and named arguments."""
_BYTES = 2048
"""Randomness for one draw; one that wants more is left out."""


def draw_inputs(
    strategy: Arguments,
    random: Random,
    count: int,
    make: Callable[[list[Any], dict[str, Any]], Input | None] = make_input,
) -> Iterator[Input]:
    """Yield up to `count` draws, made of random bytes: hypothesis' own choices depend on the modules that are loaded.

    A strategy that cannot be drawn from yields nothing more. `make` makes inputs of what is drawn, or None to leave it.
    """
    drawn: list[tuple[list[Any], dict[str, Any]]] = []

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(arguments: tuple[list[Any], dict[str, Any]]) -> None:
        drawn.append(arguments)

    for _ in range(count):
        drawn.clear()
        try:
            collect.hypothesis.fuzz_one_input(random.randbytes(_BYTES))  # type: ignore[attr-defined]
        except Exception:  # as many kinds as there are strategies
            return
        for arguments, keywords in drawn:
            if found := make(arguments, keywords):
                yield found
