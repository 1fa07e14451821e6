"""A streaming processor: answers to items as they come, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pytest_compiled_ai.templates.scaffolds.hole import Item, Result, hole


class HoleFailure(NamedTuple):
    """An item without an answer: its place in the stream, from 0, and what was raised."""

    position: int
    item: Item
    error: Exception


def hole_stream(items: Iterable[Item], on_error: Callable[[HoleFailure], object]) -> Iterator[Result]:
    """Yield the answer to each item, in order; an item is taken when its answer is asked for, and not kept.

    An item that fails is left out and told to `on_error`; what that raises ends the stream.
    """
    for position, item in enumerate(items):
        try:
            result = hole(item)
        except Exception as error:
            on_error(HoleFailure(position, item, error))
        else:
            yield result
