"""The project's classes that the codec's tests carry, and the strategies for all that it knows."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, Flag, IntEnum, IntFlag
from fractions import Fraction
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

T = TypeVar("T")


class Colour(Enum):
    RED = "red"
    SCARLET = "red"  # noqa: PIE796 - an alias
    BLUE = ("b", 1)


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Access(Flag):
    READ = 1
    WRITE = 2


class Bits(IntFlag):
    ONE = 1
    TWO = 2


class Point(NamedTuple):
    x: int
    y: int = 0


class Row(TypedDict):
    level: Level


@dataclass
class Money:
    amount: Decimal
    currency: str = "EUR"
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.currency == "":
            raise ValueError("no currency")

    def total(self) -> Decimal:
        return self.amount

    @cached_property
    def doubled(self) -> Decimal:
        return self.amount * 2


@dataclass(frozen=True, slots=True, order=True)
class Version:
    major: int
    minor: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "minor", 7)


@dataclass(slots=True)
class Shape:
    name: str


@dataclass(slots=True)
class Circle(Shape):
    radius: float


@dataclass
class Box(Generic[T]):
    content: T


@dataclass
class Cart:
    owner: Money
    rows: list[tuple[Point, Money | None]]
    level: Level
    lost: NotThere  # noqa: F821 - an annotation that cannot be evaluated


@dataclass
class Sneaky:
    value: int

    def __init__(self, value: int) -> None:
        raise AssertionError("no code of a class is to be run")


class ShopError(Exception):
    """The project's own, whose arguments are not those of its constructor."""

    def __init__(self, item: str) -> None:
        super().__init__(f"no {item}")
        self.item = item


class StockError(ShopError):
    pass


@dataclass
class CodedError(ValueError):
    code: int
    text: str = ""


def price_of(cart: Cart) -> Version | None:
    return None


CLASSES = (Colour, Level, Access, Bits, Point, Money, Version, Shape, Circle, Box, ShopError, StockError, CodedError)

decimals = st.decimals().filter(lambda each: not each.is_snan())  # a signalling NaN has no hash
atoms = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text()
    | st.text(st.characters(categories=["Cs", "L"])) | st.binary() | decimals | st.fractions() | st.uuids()
    | st.integers(min_value=10**17) | st.integers().map(lambda n: n**9)
)  # fmt: skip
zones = (
    st.none()
    | st.sampled_from([dt.UTC, ZoneInfo("UTC"), dt.timezone(dt.timedelta(hours=-3, seconds=1), "X")])
    | st.timedeltas(min_value=dt.timedelta(hours=-23), max_value=dt.timedelta(hours=23)).map(dt.timezone)
)
times = (
    st.dates() | st.times(timezones=zones) | st.timedeltas() | st.datetimes(timezones=zones)
    | st.datetimes(timezones=zones).map(lambda each: each.replace(fold=1)) | zones
)  # fmt: skip
names = st.text(st.characters(categories=["L", "N", "P", "Z"]), max_size=8)
others = (
    names.map(PurePosixPath) | names.map(Path)
    | names.map(lambda name: PureWindowsPath("c:/", name.replace(":", "")))
    | st.builds(range, st.integers(), st.integers(), st.integers(min_value=1))
    | decimals.map(Decimal.copy_negate)
    | st.sampled_from([*Colour, *Level, *Bits, Access.READ | Access.WRITE, Access(0), Bits(8)])
)  # fmt: skip
hashables = st.recursive(
    atoms | times | others | st.builds(Point, st.integers()) | st.builds(Version, st.integers()),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
slices = st.builds(slice, st.none() | st.integers(), st.none() | st.integers(), st.none() | st.integers())


def _hold(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.lists(st.tuples(hashables, inner), max_size=3)
    return (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple) | pairs.map(dict) | pairs.map(OrderedDict)
        | pairs.map(lambda each: defaultdict(list, each)) | pairs.map(lambda each: defaultdict(None, each))
        | st.builds(deque, st.lists(inner, max_size=3), st.none() | st.integers(min_value=0, max_value=5))
        | st.builds(Money, st.decimals(allow_nan=False), st.just("EUR"), st.lists(inner, max_size=2))
        | st.builds(Circle, st.text(), inner) | st.builds(Box[int], inner) | st.builds(Point, inner, inner)
    )  # fmt: skip


values = st.recursive(
    hashables | slices | st.binary().map(bytearray) | st.sets(hashables, max_size=4)
    | st.lists(hashables, max_size=4).map(Counter),
    _hold,
    max_leaves=12,
)  # fmt: skip


def look(value: Any) -> Any:
    """Return what two values have in common that are the same: exact types, NaN as equal, order where there is one."""
    kind = type(value)
    if kind is float:
        return kind, "nan" if math.isnan(value) else (value, math.copysign(1, value))
    if kind is complex:
        return kind, look(value.real), look(value.imag)
    if kind is Decimal:
        return kind, value.as_tuple()
    if kind in (set, frozenset):
        return kind, sorted(repr(look(each)) for each in value)
    if isinstance(value, dict):
        return kind, getattr(value, "default_factory", None), [(look(k), look(v)) for k, v in value.items()]
    if kind is deque:
        return kind, value.maxlen, [look(each) for each in value]
    if isinstance(value, list | tuple):
        return kind, [look(each) for each in value]
    if isinstance(value, Money | Shape | Box | Version):
        slots = getattr(value, "__dataclass_fields__", {})
        return kind, [(name, look(getattr(value, name))) for name in slots]
    if isinstance(value, dt.datetime | dt.time):
        return kind, value.replace(tzinfo=None), value.fold, repr(value.tzinfo)
    return kind, value.numerator if kind is Fraction else str(value), value if kind is UUID else None
