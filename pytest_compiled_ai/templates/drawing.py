"""Values of shapes, drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.objects import Described, OpenClasses
from pytest_compiled_ai.templates.shapes import (
    Either,
    Listed,
    Many,
    Members,
    Nothing,
    Pairs,
    Record,
    Row,
    Scalar,
    Shape,
    Unknown,
)
from pytest_compiled_ai.templates.texts import TEXTS

Strategy = st.SearchStrategy[Any]
_FEW = 4
_INTEGERS = st.one_of(st.integers(-2, 10), st.integers(-(10**6), 10**6))
_SCALARS: dict[str, Strategy] = {
    "bool": st.booleans(),
    "bytes": st.binary(max_size=12),
    "datetime.date": st.dates(),
    "datetime.datetime": st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    "datetime.time": st.times().map(lambda moment: moment.replace(microsecond=0)),
    "datetime.timedelta": st.integers(-(10**6), 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    "decimal.Decimal": _INTEGERS.map(lambda number: Decimal(number).scaleb(-2)),
    "float": _INTEGERS.map(lambda number: number / 100),
    "int": _INTEGERS,
    "str": TEXTS,
}
_MANY: dict[str, Callable[..., Strategy]] = {"frozenset": st.frozensets, "list": st.lists, "set": st.sets}


def draw_arguments(form: Form, classes: OpenClasses) -> st.SearchStrategy[tuple[list[Any], dict[str, Any]]] | None:
    """Return what draws a function's required arguments; None where nothing is known of one of them."""
    drawn = {each: draw_value(each.shape, classes) for each in form.required}
    found = {each: strategy for each, strategy in drawn.items() if strategy is not None}
    if len(found) < len(drawn):
        return None
    positional = [strategy for each, strategy in found.items() if not each.named]
    named = {each.name: strategy for each, strategy in found.items() if each.named}
    return st.tuples(st.tuples(*positional).map(list), st.fixed_dictionaries(named))


def draw_value(shape: Shape, classes: OpenClasses) -> Strategy | None:
    """Return what draws values of a shape, None where it is not known what they are."""
    match shape:
        case Nothing():
            return st.none()
        case Scalar(name=name):
            return _SCALARS.get(name)
        case Listed(values=values):
            return st.sampled_from(values)
        case Members(members=members) if members and shape.module:
            made = [classes.make(f"{shape.module}.{shape.name}", "enum", [name]) for name, _ in members]
            return st.sampled_from(made)
        case Unknown() | Members():
            return None
        case Record():
            return _draw_record(shape, classes)
    return _draw_items(shape, classes)


def _draw_items(shape: Either | Many | Row | Pairs, classes: OpenClasses) -> Strategy | None:
    parts = _parts_of(shape)
    found = [strategy for part in parts if (strategy := draw_value(part, classes)) is not None]
    if len(found) < len(parts):
        return None
    if isinstance(shape, Either):
        return st.one_of(found)
    if isinstance(shape, Row):
        return st.tuples(*found)
    if isinstance(shape, Pairs):
        return st.dictionaries(found[0], found[1], max_size=_FEW)
    if shape.kind == "tuple":
        return st.lists(found[0], max_size=_FEW).map(tuple)
    return _MANY[shape.kind](found[0], max_size=_FEW)


def _parts_of(shape: Either | Many | Row | Pairs) -> Sequence[Shape]:
    if isinstance(shape, Either):
        return shape.parts
    if isinstance(shape, Row):
        return shape.items
    return (shape.keys, shape.values) if isinstance(shape, Pairs) else (shape.items,)


def _draw_record(shape: Record, classes: OpenClasses) -> Strategy | None:
    found = {each: draw_value(each.shape, classes) for each in shape.fields}
    strategies = {each.name: strategy for each, strategy in found.items() if strategy is not None}
    # What a class checks when it is made cannot be known here.
    if len(strategies) < len(found) or shape.checks or shape.kind == "model":
        return None
    optional = {each.name for each in shape.fields if not each.required and shape.kind == "typed"}
    drawn = st.fixed_dictionaries(
        {name: strategy for name, strategy in strategies.items() if name not in optional},
        optional={name: strategies[name] for name in sorted(optional)},
    )
    if shape.kind == "typed":
        return drawn
    return drawn.map(lambda values: _make(shape, values, classes)) if shape.module else None


def _make(shape: Record, values: dict[str, Any], classes: OpenClasses) -> Described:
    if shape.kind == "named":
        return classes.make(f"{shape.module}.{shape.name}", "named", [values[each.name] for each in shape.fields])
    # In the order in which the codec takes such objects apart.
    parts = [part for pair in sorted(values.items()) for part in pair]
    return classes.make(f"{shape.module}.{shape.name}", "record", parts)
