"""What a function is called with to see that a template's properties hold; the same on every run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any

from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.draws import draw_inputs
from pytest_compiled_ai.evaluation.notation import write_value
from pytest_compiled_ai.templates.drawing import draw_arguments
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.objects import OpenClasses
from pytest_compiled_ai.templates.texts import MUTATIONS, change_texts

_ROWS, _CHANGED, _DRAWN = 20, 60, 60
_LONGEST = 1200
"""Characters of an input's source."""
_SEED = "templates"


def make_property_inputs(form: Form, rows: Sequence[Input], classes: OpenClasses) -> tuple[Input, ...]:
    """Return what to call a function with: what its tests do, with changes of the texts in it, and any other values.

    Args:
        form: the function.
        rows: what its tests call it with, as far as a model may hear of it.
        classes: makes objects of the project's.
    """
    random = Random(_SEED)  # noqa: S311 (it has to be repeatable)
    strategy = draw_arguments(form, classes)
    drawn = draw_inputs(strategy, random, 2 * _DRAWN, write_input) if strategy is not None else iter(())
    short = (each for each in drawn if len(each.text) <= _LONGEST)
    changed = islice(_new(_change(rows, random), set(rows)), _CHANGED)
    return tuple(_new([*rows[:_ROWS], *changed, *islice(short, _DRAWN)], set()))


def write_input(arguments: Sequence[Any], keywords: dict[str, Any]) -> Input:
    """Return an input of any data, objects of the project's included."""
    texts = [*map(write_value, arguments), *(f"{name}={write_value(value)}" for name, value in keywords.items())]
    return Input(arguments=tuple(arguments), keywords=tuple(keywords.items()), text=", ".join(texts))


def _change(rows: Sequence[Input], random: Random) -> Iterator[Input]:
    """Yield changed rows, each change once for each row, in an order that takes turns."""
    pairs = [(row, change) for row in rows for change in MUTATIONS]
    random.shuffle(pairs)
    for row, change in pairs:
        arguments, keywords = row.copies()
        changed = write_input(change_texts(arguments, change), change_texts(keywords, change))
        if len(changed.text) <= max(_LONGEST, 3 * len(row.text)):
            yield changed


def _new(inputs: Iterable[Input], known: set[Input]) -> Iterator[Input]:
    for each in inputs:
        if each not in known:
            known.add(each)
            yield each
