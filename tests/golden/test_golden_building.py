"""Values of annotated types, made of JSON."""

# ruff: noqa: UP007, UP045 (projects write them so, too)

from __future__ import annotations

import json
import typing
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path, PurePath, PurePosixPath
from typing import Annotated, Any, Literal, NamedTuple, NewType, NotRequired, Optional, TypedDict, TypeVar, Union
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.golden.building import build
from pytest_compiled_ai.golden.scalars import UnfitError


class Color(Enum):
    RED = "r"
    NONE = 0


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str = "EUR"
    parts: tuple[int, ...] = field(default=(), init=True)
    note: str = field(default="", init=False)


class Point(NamedTuple):
    x: int
    y: int = 0


class Order(TypedDict):
    total: Money
    due: NotRequired[date]


@dataclass
class Picky:
    n: int

    def __post_init__(self):
        if self.n < 0:
            raise ValueError(f"SECRET {self.n}")


class Model:
    def __init__(self, value):
        self.value = value

    @classmethod
    def model_validate(cls, value):
        if value == "SECRET":
            raise ValueError(value)
        return cls(value)

    def __eq__(self, other):
        return self.value == other.value

    __hash__ = None


Cents = NewType("Cents", int)
T = TypeVar("T")


@pytest.mark.parametrize(
    ("value", "hint", "expected"),
    [
        (1, Any, 1), ([1], object, [1]), ("x", T, "x"), (None, None, None), (True, bool, True), (3, int, 3),
        (3, float, 3.0), (2.5, float, 2.5), ("é", str, "é"), ("é", bytes, b"\xc3\xa9"),
        ("2024-02-29", date, date(2024, 2, 29)), ("2024-02-29T10:00:00Z", datetime, datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("10:30", time, time(10, 30)), (90, timedelta, timedelta(seconds=90)), ("12.50", Decimal, Decimal("12.50")),
        (0.1, Decimal, Decimal("0.1")), (3, Decimal, Decimal(3)), ("1/3", Fraction, Fraction(1, 3)),
        ("a/b", Path, Path("a/b")), ("a", PurePath, PurePosixPath("a")), ("a", PurePosixPath, PurePosixPath("a")),
        ("12345678123456781234567812345678", UUID, UUID(int=0x12345678123456781234567812345678)),
        (["a"], list[str], ["a"]), ([1, "a"], list, [1, "a"]), (["2024-01-01"], Sequence[date], [date(2024, 1, 1)]),
        ([1, 2], Iterator[int], [1, 2]), ([1, 1], set[int], {1}), ([1], AbstractSet[int], {1}), ([1], frozenset[int], frozenset({1})),
        ([1, "a"], tuple[int, str], (1, "a")), ([1, 2], tuple[int, ...], (1, 2)), ([1, "a"], tuple, (1, "a")),
        ({"a": 1}, dict[str, int], {"a": 1}), ({"1": "x"}, Mapping[int, str], {1: "x"}), ({"a": 1}, dict, {"a": 1}),
        ({"2024-01-01": 1}, dict[date, int], {date(2024, 1, 1): 1}), (None, Optional[int], None), (1, int | None, 1),
        ("2024-01-01", date | None, date(2024, 1, 1)), ("2024-01-01", Union[date, str], "2024-01-01"),
        ({"amount": 1}, Money | str, Money(Decimal(1))), ("a", Literal["a", 1], "a"), (1, Literal[True, 1], 1),
        ("RED", Literal[Color.RED], Color.RED), (5, Annotated[int, "cents"], 5), (5, Cents, 5), ("r", Color, Color.RED),
        ("RED", Color, Color.RED), (0, Color, Color.NONE), ({"amount": "1.5", "parts": [1]}, Money, Money(Decimal("1.5"), "EUR", (1,))),
        ([1], Point, Point(1)), ({"x": 1, "y": 2}, Point, Point(1, 2)), ({"total": {"amount": 1}}, Order, {"total": Money(Decimal(1))}),
        ({"total": {"amount": 1}, "due": "2024-01-01"}, Order, {"total": Money(Decimal(1)), "due": date(2024, 1, 1)}),
        ({"a": 1}, Model, Model({"a": 1})), (5, typing.Required[int], 5), ([{"x": 1}], list[Point], [Point(1)]),
    ],
)  # fmt: skip
def test_what_json_stands_for(value, hint, expected):
    made = build(value, hint)
    assert made == expected
    assert type(made) is type(expected)


@pytest.mark.parametrize(
    ("value", "hint", "said"),
    [
        (True, int, "is no whole number"), (1, bool, "is no truth value"), ("1", float, "is no number"), (1.5, int, "is no whole number"),
        (True, float, "is no number"), (None, str, "is no text"), (1, None, "is no null"), ("SECRET", date, "is no date"), ("SECRET", Decimal, "is no decimal number"),
        ("1/0", Fraction, "is no fraction"), ("SECRET", UUID, "is no UUID"), ("x", list[str], "is no list"), ([1, "x"], list[int], "[1] is no whole number"),
        ({}, set[int], "is no list"), ([[1]], set[list[int]], "has items that no set can hold"), ([1], tuple[int, int], "is no list of 2 items"),
        ([1, 2], tuple[int, str], "[1] is no text"), ([1], dict[str, int], "is no object"), ({"SECRET": 1}, dict[int, int], "has a key that does not fit its annotation"),
        ({"SECRET": "x"}, dict[str, int], "[...] is no whole number"), ("SECRET", int | None, "fits no member of its union"),
        ("SECRET", Literal["a"], "is none of the values that its annotation lists"), ("SECRET", Color, "is no member of Color"),
        ([], Money, "is no object"), ({}, Money, "has no amount"), ({"amount": 1, "SECRET": 2}, Money, "has 1 keys that are no fields of Money"),
        ({"amount": 1, "note": "x"}, Money, "is refused by its type: TypeError"),
        ({"amount": [1]}, Money, ".amount is no number"), ({"total": {"amount": "x"}}, Order, ".total.amount is no decimal number"),
        ({"due": "x"}, Order, "has no total"), ([1, 2, 3], Point, "is no object"), ({"n": -1}, Picky, "is refused by its type: ValueError"),
        ("SECRET", Model, "is refused by its type: ValueError"), (1, int.__class__, "is of type, of which no value can be made of JSON"),
        (1, typing.Self, "is of typing.Self, of which"), (1, typing.Callable[[], int], "of which no value can be made of JSON"), ("{", dict[str, int] | list[int], "fits no member"),
        (1e300, timedelta, "is no span of time"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_by_place_and_never_repeated(value, hint, said):
    with pytest.raises(UnfitError) as caught:
        build(value, hint)
    assert said in str(caught.value)
    assert "SECRET" not in str(caught.value)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s), max_leaves=8)  # fmt: skip


@given(JSON, st.sampled_from([Order, list[Money], dict[int, Point], set[date], int | Color | None, tuple[str, float]]))
def test_any_json_is_built_or_refused(value, hint):
    try:
        made = build(json.loads(json.dumps(value)), hint)
    except UnfitError:
        return
    assert type(made) in {dict, list, set, tuple, int, Color, type(None)}
