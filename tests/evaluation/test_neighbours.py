"""Calls that are nearly those of the tests."""

from __future__ import annotations

import ast
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.evaluation.arguments import Input, make_input
from pytest_compiled_ai.evaluation.neighbours import make_neighbours
from pytest_compiled_ai.evaluation.variants import vary


def rows_of(*values):
    return [make_input([value], {}) for value in values]


def neighbours(*values, count=300, fixed=()):
    return {each.text for each in make_neighbours(rows_of(*values), Random(0), count, fixed=fixed)}


def test_neighbours_of_numbers_keep_their_type():
    assert {"7", "5", "-6", "0", "60", "3", "4"} <= neighbours(6, 3)
    assert all("." not in text for text in neighbours(6, 3))
    assert all("." in text for text in neighbours(6.5))
    assert {"Decimal('1.51')", "Decimal('1.49')", "Decimal('-1.50')"} <= neighbours(Decimal("1.50"))
    assert neighbours(True) == {"True", "False"}
    assert str(10**13) not in neighbours(10**12)


def test_neighbours_of_texts():
    found = neighbours("Ab1", "z", count=800)
    assert {"'b1'", "'Abb1'", "'AAb1'", "'ab1'", "'AB1'", "'Ab1z'", "''", "'Abz1'", "'zAb1'", "'A b1'"} <= found
    assert {"b'A'", "b''", "b'AbAb'"} <= neighbours(b"Ab")
    assert "' '" in neighbours("")


def test_neighbours_of_containers():
    found = neighbours([1, 2], [9], count=800)
    assert {"[1]", "[2]", "[]", "[1, 1, 2]", "[2, 1]", "[1, 2, 9]", "[1, 3]"} <= found
    assert {"[7]", "[]"} <= neighbours([], [7])
    assert neighbours([]) == {"[]"}
    assert all(len(ast.literal_eval(text)) == 2 for text in neighbours((1, "a"), (2, "b")))
    assert {"(1,)", "()"} <= neighbours((1, 2), (3,))
    assert {"{2}", "set()", "{1, 2, 3}"} <= neighbours({1, 2}, {3})
    found = neighbours({"a": 1, "b": 2}, {"c": 3}, count=800)
    assert {"{'a': 1}", "{'a': 1, 'b': 2, 'c': 3}", "{'a': 2, 'b': 2}", "{}"} <= found
    assert neighbours({}) == {"{}"}


def test_neighbours_of_times():
    found = neighbours(date(2026, 1, 31))
    assert {"date(2026, 2, 1)", "date(2026, 1, 30)", "date(2026, 3, 3)", "date(2027, 1, 31)"} <= found
    assert {"datetime(2026, 1, 31, 0, 0, 1)", "datetime(2026, 1, 30, 23, 0)"} <= neighbours(datetime(2026, 1, 31))
    assert {"timedelta(0)", "timedelta(days=2)", "timedelta(days=1, seconds=1)"} <= neighbours(timedelta(days=1))
    assert "date(9999, 12, 31)" in neighbours(date(9999, 12, 31))


def test_what_has_no_neighbours_takes_the_place_of_another():
    assert neighbours(None, 5) >= {"None", "5"}
    assert neighbours(Path("a"), Path("b")) == {"Path('a')", "Path('b')"}
    assert vary(None, [], Random(0)) is None


def test_columns_of_rows_are_mixed_and_fixed_places_only_so():
    rows = [make_input([1, "a"], {"mode": "x"}), make_input([2], {"mode": "y"}), make_input([], {})]
    found = {each.text for each in make_neighbours(rows, Random(0), 500, fixed={0, "mode"})}
    assert {"2, 'a', mode='x'", "1, 'a', mode='y'", "1, mode='y'"} <= found
    assert {text.partition(",")[0] for text in found} == {"1", "2"}
    assert {text[-3:] for text in found} == {"'x'", "'y'"}
    freely = {each.text for each in make_neighbours(rows, Random(0), 500)}
    assert {"-1, 'a', mode='X'", "-1, mode='y'"} <= freely


@settings(max_examples=40)
@given(
    st.recursive(st.integers() | st.text() | st.booleans(), lambda x: st.lists(x) | st.tuples(x)), st.integers(0, 99)
)
def test_varying_keeps_the_type_and_leaves_the_value_alone(value, seed):
    before = repr(value)
    assert type(vary(value, [value], Random(seed))) is type(value)
    assert repr(value) == before


def test_rows_that_cannot_be_written_have_no_neighbours():
    rows = [Input(arguments=(object(),), text="object()"), Input(arguments=(), text="")]
    assert list(make_neighbours(rows, Random(0), 5)) == []
    assert list(make_neighbours([], Random(0), 5)) == []
