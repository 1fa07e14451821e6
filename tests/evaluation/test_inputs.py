"""Inputs on which bodies are compared: near those of the tests, drawn from properties, and allowed by annotations."""

from __future__ import annotations

import ast

from evaluation_stubs import parse

from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.evaluation.inputs import make_inputs

ROWS = ["GET /cart HTTP/1.1", "POST / HTTP/2.0", ""]


def rows_of(*values):
    return [make_input([value], {}) for value in values]


def inputs_of(text, rows=(), *, seed=0, count=40, tests=()):
    return make_inputs(*parse(text), rows, seed=seed, count=count, tests=[ast.parse(each) for each in tests])


def test_inputs_are_repeatable_and_other_ones_for_another_seed():
    rows = rows_of(*ROWS)
    first = inputs_of("def f(text: str) -> str: ...", rows)
    assert first == inputs_of("def f(text: str) -> str: ...", rows)
    assert first != inputs_of("def f(text: str) -> str: ...", rows, seed=1)


def test_inputs_are_as_many_as_wanted_each_once_and_no_rows():
    rows = rows_of(*ROWS)
    found = inputs_of("def f(text: str) -> str: ...", rows, count=50)
    assert (len(found), len(set(found)), set(found) & set(rows)) == (50, 50, set())
    assert all(type(each.arguments[0]) is str for each in found)


def test_every_second_input_is_near_a_row():
    found = inputs_of("def f(text: str) -> str: ...", rows_of(*ROWS), count=40)
    letters = set("".join(ROWS).lower()) | set(" ")
    near = [each for each in found if set(each.arguments[0].lower()) <= letters]
    assert len(near) >= 20
    assert len(near) < 40


def test_what_cannot_be_resolved_has_neighbours_only_and_without_rows_nothing():
    stub = "from app import Money\ndef f(value: Money, n: int) -> int: ..."
    assert inputs_of(stub) == ()
    rows = [make_input([[1, 2], 3], {})]
    found = inputs_of(stub, rows, count=10)
    assert len(found) == 10
    assert all(type(each.arguments[0]) is list and type(each.arguments[1]) is int for each in found)
    assert inputs_of("def f(value) -> int: ...") == ()


def test_a_source_that_ends_leaves_its_places_to_the_others():
    assert {each.text for each in inputs_of("def f(value: bool) -> int: ...", count=10)} == {"True", "False"}
    assert inputs_of("def f() -> int: ...") == (make_input([], {}),)
    assert inputs_of("def f(x: bool) -> int: ...", rows_of(True, False)) == ()


def test_inputs_stay_short_unless_the_tests_have_long_ones():
    found = inputs_of("def f(text: str) -> str: ...", rows_of("a" * 350), count=30)
    assert max(len(each.text) for each in found) <= 2 * 352
    assert len(found) == 30


def test_draws_of_properties_come_before_those_of_annotations():
    test = "from hypothesis import given, strategies as st\n@given(st.integers(500, 599))\ndef test(n): f(n)"
    found = inputs_of("def f(n: int) -> int: ...", rows_of(1), count=40, tests=[test, "def test(): f(1)"])
    assert sum(500 <= each.arguments[0] <= 599 for each in found) >= 10
