"""Values as source that a person can read, and a test can be made of."""

from __future__ import annotations

import ast
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.evaluation.notation import names_in, read_value, realise, write_value
from pytest_compiled_ai.gates.answers.values import Made, UnknownValueError

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.binary(), st.decimals(allow_nan=False),
    st.dates(), st.fractions(), st.uuids(), st.timedeltas(),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(), inner) | st.frozensets(SCALARS) | st.lists(inner).map(tuple)
    ),
    max_leaves=8,
)


@settings(max_examples=40)
@given(VALUES)
def test_what_is_written_is_an_expression_that_is_read_back_as_the_same_value(value):
    text = write_value(value)
    found = read_value(text)
    assert (found, type(found), write_value(found)) == (value, type(value), text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "float('nan')"),
        ([float("inf"), -float("inf")], "[float('inf'), float('-inf')]"),
        ((), "()"),
        ((1,), "(1,)"),
        ({3, 1, 2}, "{1, 2, 3}"),
        (set(), "set()"),
        (frozenset({"b", "a"}), "frozenset({'a', 'b'})"),
        (date(2026, 1, 31), "date(2026, 1, 31)"),
        ({"at": datetime(2026, 1, 31, 5, tzinfo=UTC)}, "{'at': datetime(2026, 1, 31, 5, 0, tzinfo=timezone.utc)}"),
        (datetime(2026, 1, 31, tzinfo=ZoneInfo("UTC")), "datetime(2026, 1, 31, 0, 0, tzinfo=ZoneInfo(key='UTC'))"),
        (timedelta(days=1), "timedelta(days=1)"),
        (time(5), "time(5, 0)"),
        (Decimal("1.50"), "Decimal('1.50')"),
        (Path("a/b"), "Path('a/b')"),
        (deque([1], 3), "deque([1], 3)"),
        (deque([date(2026, 1, 1)]), "deque([date(2026, 1, 1)])"),
        (defaultdict(int, {"a": 1}), "defaultdict(int, {'a': 1})"),
        (OrderedDict(a=1), "OrderedDict({'a': 1})"),
        (Counter("aab"), "Counter({'a': 2, 'b': 1})"),
        ("datetime.date", "'datetime.date'"),
        (complex(-0.0, float("inf")), "complex(-0.0, float('inf'))"),
        (range(1, 5), "range(1, 5)"),
        (bytearray(b"a"), "bytearray(b'a')"),
    ],
)
def test_values_are_written_as_people_write_them(value, text):
    assert write_value(value) == text
    assert write_value(read_value(text)) == text


def test_a_number_of_many_digits_is_written_in_base_16():
    number = 1 << 20_000
    assert write_value([number]) == f"[{hex(number)}]"
    assert write_value(number - 1 + (1 << 9_000)).startswith("0x")


def test_some_values_that_are_only_described_are_made():
    value = {"a": [Made("Fraction", (1, 3)), Made("timedelta", (2,))], "b": (Made("Path", ("x",)),)}
    assert realise(value) == {"a": [Fraction(1, 3), timedelta(days=2)], "b": (Path("x"),)}
    assert read_value("UUID('12345678123456781234567812345678')") == UUID(int=0x12345678123456781234567812345678)


@pytest.mark.parametrize(
    "text",
    [
        "Money(1)",
        "date(2026, 2, 31)",
        "[Money(1)]",
        "date('x')",
        "Fraction(1, 0)",
        "x",
        "(",
        "1 + 2",
        "f'1'",
        "[*x]",
        "{**x}",
        "print(1)",
    ],
)
def test_what_has_no_known_value_is_not_read(text):
    with pytest.raises(UnknownValueError):
        read_value(text)


def test_an_expression_s_imports_are_known_by_its_names():
    needed = names_in(write_value([Decimal(1), date(2026, 1, 1), float("nan"), {2}]))
    assert [each.line for each in needed or ()] == ["from decimal import Decimal", "from datetime import date"]
    assert (names_in("[1, 'a']"), names_in("Money(1)"), names_in("'abc…")) == ((), None, None)


def test_an_input_is_the_text_between_the_parentheses():
    made = make_input([1, "a"], {"at": date(2026, 1, 1)})
    assert made is not None
    assert made.text == "1, 'a', at=date(2026, 1, 1)"
    assert (made.arguments, made.keywords) == ((1, "a"), (("at", date(2026, 1, 1)),))
    assert isinstance(ast.parse(f"f({made.text})", mode="eval").body, ast.Call)
    assert make_input([], {}).text == ""


@pytest.mark.parametrize("value", [object(), print, defaultdict(lambda: 1)])
def test_what_cannot_be_read_back_makes_no_input(value):
    assert make_input([1], {"given": [value]}) is None


def test_what_would_be_read_back_as_another_type_makes_no_input():
    assert make_input([type("Word", (str,), {})("a")], {}) is None


def test_inputs_of_one_text_are_one_and_their_copies_are_free():
    one, same, other = make_input([[1]], {"b": {}}), make_input([[1]], {"b": {}}), make_input([[2]], {"b": {}})
    assert (one == same, one == other, one == 1, len({one, same, other})) == (True, False, False, 2)
    arguments, keywords = one.copies()
    arguments[0].append(2)
    keywords["b"]["c"] = 1
    assert (one.arguments, one.keywords) == (([1],), (("b", {}),))
