"""What the property tests of a spec draw, and hand on to its function."""

from __future__ import annotations

import ast
import textwrap
from datetime import date
from random import Random

import pytest
from hypothesis import strategies as st

from pytest_compiled_ai.evaluation.draws import draw_inputs
from pytest_compiled_ai.evaluation.properties import read_properties

PROPERTIES = """
from datetime import date
import hypothesis
from hypothesis import given, strategies as st
from hypothesis.strategies import integers
import hypothesis.strategies
import random as rnd

LETTERS = "xyz"
words = st.text(LETTERS, min_size=1, max_size=3)
endless = endless

def other(x): return x

{test}
"""


def properties(test, count=20):
    found = read_properties(ast.parse(PROPERTIES.format(test=textwrap.dedent(test))), "f")
    return [list(draw_inputs(strategy, Random(0), count)) for strategy in found]


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ("@given(st.integers(3, 5))\ndef test(n): assert f(n)", lambda n: 3 <= n <= 5),
        ("@given(n=integers(min_value=3, max_value=2 + 3))\ndef test(n): assert f(n)", lambda n: 3 <= n <= 5),
        ("@hypothesis.given(hypothesis.strategies.just(7))\nasync def test(n): assert await f(n)", lambda n: n == 7),
        ("@given(words)\ndef test(tmp_path, n): f(n)", lambda n: set(n) <= set("xyz") and 0 < len(n) < 4),
        (
            "@given(st.lists(words | st.none(), max_size=2))\ndef test(n): f(n)",
            lambda n: type(n) is list and len(n) < 3,
        ),
        ("@given(st.sampled_from(LETTERS))\ndef test(n): f(n)", lambda n: n in "xyz"),
        ("@given(st.one_of([st.just(1), st.just(2)]))\ndef test(n): f(n)", lambda n: n in {1, 2}),
        ("@given(st.dates(date(2026, 1, 1), date(2026, 1, 9)))\ndef test(n): f(n)", lambda n: date(2026, 1, 1) <= n),
        ("@given(st.from_regex('[ab]{2}', fullmatch=True))\ndef test(n): f(n)", lambda n: set(n) <= set("ab")),
        ("class TestAll:\n    @given(st.just(1))\n    def test(self, n): f(n)", lambda n: n == 1),
    ],
)
def test_simple_strategies_of_the_tests_own_are_drawn_from(test, holds):
    (found,) = properties(test)
    assert found
    assert all(holds(each.arguments[0]) for each in found)


def test_parameters_are_matched_by_place_and_name():
    (found,) = properties("@given(st.just(1), st.just('b'))\ndef test(fixture, a, b): f(b, last=a)")
    assert {each.text for each in found} == {"'b', last=1"}
    assert len(properties("@given(st.just(1))\ndef test(a):\n    f(a)\n    f(a, a)\n    other(a)")) == 2


@pytest.mark.parametrize(
    "test",
    [
        "@given(st.integers().map(str))\ndef test(n): f(n)",
        "@given(st.integers().filter(bool))\ndef test(n): f(n)",
        "@given(st.builds(other))\ndef test(n): f(n)",
        "@given(st.lists(rnd.choice([1])))\ndef test(n): f(n)",
        "@given(st.integers(rnd.random()))\ndef test(n): f(n)",
        "@given(st.integers(**{}))\ndef test(n): f(n)",
        "@given(st.integers(5, 1, 7))\ndef test(n): f(n)",
        "@given(st.just(1) | rnd.choice)\ndef test(n): f(n)",
        "@given(endless)\ndef test(n): f(n)",
        "@given(LETTERS)\ndef test(n): f(n)",
        "@given(open('x'))\ndef test(n): f(n)",
        "@given(st.integers())\ndef test(n): f(str(n))",
        "@given(st.integers())\ndef test(n): f(n, 1)",
        "@given(st.integers())\ndef test(n): f(*n)",
        "@given(st.integers())\ndef test(n): f(**n)",
        "@given(st.integers())\ndef test(n):\n    n += 1\n    f(n)",
        "@given(st.integers())\ndef test(n): f.g(n)",
        "@rnd.given(st.integers())\ndef test(n): f(n)",
        "@given\ndef test(n): f(n)",
        "def test(n): f(n)",
    ],
)
def test_what_is_not_simple_is_left_alone(test):
    assert properties(test) == []


def test_a_strategy_that_cannot_be_drawn_from_gives_nothing():
    assert properties("@given(st.lists(st.integers(5, 1)))\ndef test(n): f(n)") == [[]]
    assert properties("@given(st.sets(st.lists(st.integers(), min_size=1), min_size=1))\ndef test(n): f(n)") == [[]]


def test_draws_that_cannot_be_written_are_left_out():
    assert list(draw_inputs(st.just(([object()], {})), Random(0), 3)) == []


def test_draws_depend_on_the_seed_alone():
    strategy = st.tuples(st.lists(st.integers(), max_size=3), st.just({}))
    one, same, other = (list(draw_inputs(strategy, Random(seed), 9)) for seed in (0, 0, 1))
    assert one == same != other
