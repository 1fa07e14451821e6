"""Whether a value is one of its type: what a type checker was promised, seen on the value itself."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from pytest_compiled_ai.templates.objects import Described
from pytest_compiled_ai.templates.shapes import (
    Either,
    Field,
    Listed,
    Many,
    Members,
    Nothing,
    Pairs,
    Record,
    Row,
    Scalar,
    Shape,
)

_KINDS: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,),
    "bytes": (bytes,),
    "complex": (complex, float, int),
    "datetime.date": (date,),
    "datetime.datetime": (datetime,),
    "datetime.time": (time,),
    "datetime.timedelta": (timedelta,),
    "decimal.Decimal": (Decimal,),
    "float": (float, int),
    "fractions.Fraction": (Fraction,),
    "int": (int,),
    "str": (str,),
    "uuid.UUID": (UUID,),
}
_MANY: Mapping[str, Any] = {"frozenset": frozenset, "list": list, "set": set, "tuple": tuple}


def find_fault(value: Any, shape: Shape) -> str:
    """Return what is wrong about a value of a type, or ""; of a type that is not known nothing is."""
    return next(_faults(value, shape), "")


@functools.singledispatch
def _faults_of(_: object, __: Any) -> Iterator[str]:
    yield from ()


def _faults(value: Any, shape: Shape) -> Iterator[str]:
    return _faults_of(shape, value)


@_faults_of.register
def _(shape: Scalar, value: Any) -> Iterator[str]:
    if not isinstance(value, _KINDS[shape.name]):
        yield f"is {_name(value)}, not {shape.name.rpartition('.')[2]}"


@_faults_of.register
def _(_: Nothing, value: Any) -> Iterator[str]:
    if value is not None:
        yield f"is {_name(value)}, not None"


@_faults_of.register
def _(shape: Listed, value: Any) -> Iterator[str]:
    if not any(type(value) is type(each) and value == each for each in shape.values):
        yield f"is {value!r}, none of {', '.join(map(repr, shape.values))}"


@_faults_of.register
def _(shape: Members, value: Any) -> Iterator[str]:
    if not isinstance(value, Described) or value.tag not in {"enum", "flag"}:
        yield f"is {_name(value)}, not {shape.name}"


@_faults_of.register
def _(shape: Either, value: Any) -> Iterator[str]:
    found = [find_fault(value, part) for part in shape.parts]
    if all(found):
        yield found[0]


@_faults_of.register
def _(shape: Many, value: Any) -> Iterator[str]:
    if isinstance(value, _MANY[shape.kind]):
        items: Iterable[Any] = value
        for place, item in enumerate(items):
            yield from _within(f"[{place}]", _faults(item, shape.items))
    else:
        yield f"is {_name(value)}, not {shape.kind}"


@_faults_of.register
def _(shape: Row, value: Any) -> Iterator[str]:
    if isinstance(value, tuple) and len(value) == len(shape.items):
        for place, (item, inner) in enumerate(zip(value, shape.items, strict=True)):
            yield from _within(f"[{place}]", _faults(item, inner))
    else:
        yield f"is {_name(value)}, not a tuple of {len(shape.items)}"


@_faults_of.register
def _(shape: Pairs, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _within(" key", _faults(key, shape.keys))
            yield from _within(f"[{key!r}]", _faults(item, shape.values))
    else:
        yield f"is {_name(value)}, not dict"


@_faults_of.register
def _(shape: Record, value: Any) -> Iterator[str]:
    if shape.kind == "typed" and isinstance(value, dict):
        yield from _faults_in_dict(shape, value)
    elif shape.kind == "typed":
        yield f"is {_name(value)}, not a dict with the keys of {shape.name}"
    elif not isinstance(value, Described) or value.tag != shape.kind:
        yield f"is {_name(value)}, not {shape.name}"
    elif value.name.rpartition(".")[2] == shape.name:
        # An object of a subclass has fields that are not known here.
        named = value.fields.items()
        given = zip((each.name for each in shape.fields), value.parts, strict=False)
        yield from _faults_in_fields(shape.fields, dict(given if shape.kind == "named" else named), ".{}")


def _faults_in_dict(shape: Record, value: Mapping[Any, Any]) -> Iterator[str]:
    known = {each.name for each in shape.fields}
    yield from (f"has the key {key!r}, which {shape.name} does not have" for key in value if key not in known)
    yield from (f"lacks the key {each.name!r}" for each in shape.fields if each.required and each.name not in value)
    yield from _faults_in_fields(shape.fields, value, "['{}']")


def _faults_in_fields(fields: Iterable[Field], values: Mapping[str, Any], place: str) -> Iterator[str]:
    for each in fields:
        if each.name in values:
            yield from _within(place.format(each.name), _faults(values[each.name], each.shape))


def _within(place: str, faults: Iterator[str]) -> Iterator[str]:
    for fault in faults:
        # A place inside goes on without a word between.
        yield f"{place}{fault}" if fault[:1] in ".[" else f"{place} {fault}"


def _name(value: Any) -> str:
    name = value.name.rpartition(".")[2] if isinstance(value, Described) else type(value).__name__
    return "None" if value is None else name
