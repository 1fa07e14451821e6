"""What the values of a type look like, as far as its annotation and the project's source say; nothing is imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A builtin or standard type of single values, under the name where it lives: `decimal.Decimal`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A `Literal`: its values."""

    values: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """An enum of the project's: the names of its members, and their values as they are written."""

    name: str
    module: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record; `default` is the source of what it has without being given, "" for none."""

    name: str
    shape: Shape
    text: str
    default: str = ""
    required: bool = True


RecordKind = Literal["record", "named", "typed", "model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A dataclass (`record`), a `NamedTuple`, a `TypedDict` or a pydantic model.

    One that `checks` itself when it is made has values that its fields' types do not tell of.
    """

    name: str
    module: str
    kind: RecordKind
    fields: tuple[Field, ...]
    checks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """A list, set, frozenset or tuple of any length."""

    kind: str
    items: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A tuple of fixed length."""

    items: tuple[Shape, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """A dict."""

    keys: Shape
    values: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """A union."""

    parts: tuple[Shape, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Anything: `Any`, no annotation, or a type that is not read."""

    name: str = ""


Shape = Scalar | Listed | Members | Record | Many | Row | Pairs | Either | Nothing | Unknown


def without_none(shape: Shape) -> Shape:
    """Return a shape without the None that it allows."""
    if not isinstance(shape, Either):
        return shape
    parts = tuple(part for part in shape.parts if not isinstance(part, Nothing))
    return parts[0] if len(parts) == 1 else Either(parts=parts)


def walk_shape(shape: Shape) -> Iterator[Shape]:
    """Yield a shape and all that it is made of."""
    yield shape
    for each in fields(shape):
        value = getattr(shape, each.name)
        for part in value if isinstance(value, tuple) else (value,):
            inner = part.shape if isinstance(part, Field) else part
            if isinstance(inner, Shape):
                yield from walk_shape(inner)
