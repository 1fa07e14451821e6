"""A value is one of its type, or it is said where not."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.templates.drawing import draw_value
from pytest_compiled_ai.templates.objects import OpenClasses
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
    Unknown,
)
from pytest_compiled_ai.templates.validity import find_fault

STR, INT = Scalar(name="str"), Scalar(name="int")
MADE = OpenClasses()
KIND = Members(name="Kind", module="app", members=(("A", "1"), ("B", "2")))
POINT = Record(
    name="Point",
    module="app",
    kind="named",
    fields=(Field(name="x", shape=INT, text="int"), Field(name="y", shape=STR, text="str")),
)
CALL = Record(
    name="Call", module="app", kind="typed",
    fields=(Field(name="city", shape=STR, text="str"), Field(name="days", shape=INT, text="int", required=False)),
)  # fmt: skip
ITEM = Record(
    name="Item",
    module="app",
    kind="record",
    fields=(Field(name="tags", shape=Many(kind="list", items=STR), text=""), Field(name="kind", shape=KIND, text="")),
)
A = MADE.make("app.Kind", "enum", ["A"])


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("x", STR),
        (1, INT),
        (1, Scalar(name="float")),
        (Decimal(1), Scalar(name="decimal.Decimal")),
        (Fraction(1), Scalar(name="fractions.Fraction")),
        (UUID(int=1), Scalar(name="uuid.UUID")),
        (datetime.datetime(2026, 1, 1), Scalar(name="datetime.date")),
        (None, Nothing()),
        (object(), Unknown()),
        ("a", Listed(values=("a", "b"))),
        (A, KIND),
        (None, Either(parts=(INT, Nothing()))),
        ([1], Many(kind="list", items=INT)),
        ({"a"}, Many(kind="set", items=STR)),
        ((1, "a"), Row(items=(INT, STR))),
        ({"a": 1}, Pairs(keys=STR, values=INT)),
        ({"city": "x"}, CALL),
        (MADE.make("app.Point", "named", [1, "a"]), POINT),
        (MADE.make("app.Item", "record", ["kind", A, "tags", ["x"]]), ITEM),
        # A class of its own may have other fields.
        (MADE.make("app.Special", "record", ["tags", 1]), ITEM),
    ],
)
def test_values_of_their_type_have_no_fault(value, shape):
    assert find_fault(value, shape) == ""


@pytest.mark.parametrize(
    ("value", "shape", "fault"),
    [
        (1, STR, "is int, not str"),
        (None, INT, "is None, not int"),
        (1.5, INT, "is float, not int"),
        (1, Nothing(), "is int, not None"),
        (True, Listed(values=(1, 2)), "is True, none of 1, 2"),
        ("A", KIND, "is str, not Kind"),
        (MADE.make("app.Item", "record", []), KIND, "is Item, not Kind"),
        ("x", Either(parts=(INT, Nothing())), "is str, not int"),
        ((1,), Many(kind="list", items=INT), "is tuple, not list"),
        ([1, "x"], Many(kind="list", items=INT), "[1] is str, not int"),
        ([[1], [2, None]], Many(kind="list", items=Many(kind="list", items=INT)), "[1][1] is None, not int"),
        ((1,), Row(items=(INT, STR)), "is tuple, not a tuple of 2"),
        ((1, 2), Row(items=(INT, STR)), "[1] is int, not str"),
        ([], Pairs(keys=STR, values=INT), "is list, not dict"),
        ({1: 1}, Pairs(keys=STR, values=INT), " key is int, not str"),
        ({"a": "b"}, Pairs(keys=STR, values=INT), "['a'] is str, not int"),
        (1, CALL, "is int, not a dict with the keys of Call"),
        ({}, CALL, "lacks the key 'city'"),
        ({"city": "x", "town": 1}, CALL, "has the key 'town', which Call does not have"),
        ({"city": "x", "days": "2"}, CALL, "['days'] is str, not int"),
        ({"x": 1}, POINT, "is dict, not Point"),
        (MADE.make("app.Point", "named", [1, 2]), POINT, ".y is int, not str"),
        (MADE.make("app.Item", "record", ["kind", A, "tags", [1]]), ITEM, ".tags[0] is int, not str"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(value, shape, fault):
    assert find_fault(value, shape) == fault


SHAPES = st.sampled_from(
    [
        ITEM, POINT, CALL, KIND, Nothing(), Listed(values=("a",)), Either(parts=(INT, STR)), Many(kind="tuple", items=INT),
        Many(kind="set", items=STR), Row(items=(ITEM, STR)), Pairs(keys=STR, values=CALL),
        *(Scalar(name=name) for name in ("bool", "bytes", "float", "decimal.Decimal", "datetime.date", "datetime.datetime",
                                         "datetime.time", "datetime.timedelta")),
    ]
)  # fmt: skip


@given(SHAPES, st.data())
def test_what_is_drawn_for_a_shape_is_of_it(shape, data):
    strategy = draw_value(shape, MADE)
    assert strategy is not None
    assert find_fault(data.draw(strategy), shape) == ""


@pytest.mark.parametrize(
    "shape",
    [
        Unknown(),
        Scalar(name="complex"),
        Members(name="K", module="", members=(("A", "1"),)),
        Members(name="K", module="app", members=()),
        Many(kind="list", items=Unknown()),
        Record(name="R", module="app", kind="record", fields=(), checks=True),
        Record(name="R", module="app", kind="model", fields=()),
        Record(name="R", module="", kind="record", fields=()),
        Record(name="R", module="app", kind="record", fields=(Field(name="x", shape=Unknown(), text=""),)),
    ],
)
def test_what_is_not_known_is_not_drawn(shape):
    assert draw_value(shape, MADE) is None
