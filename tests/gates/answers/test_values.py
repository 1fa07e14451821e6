from __future__ import annotations

import ast
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.gates.answers.equality import same
from pytest_compiled_ai.gates.answers.values import Made, Opaque, UnknownValueError, fold

LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def value_of(text, **names):
    return fold(ast.parse(text, mode="eval").body, names)


@given(LITERALS)
def test_a_literal_has_its_value(value):
    assert value_of(repr(value).replace("inf", "1e999")) == value
    assert same(value, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-x", -3),
        ("+x", 3),
        ("not x", False),
        ("{1, 2}", {1, 2}),
        ("{'a': x}", {"a": 3}),
        ("'a' + 'b' * 3", "abbb"),
        ("10 ** 9 // 7 % 5 - 1 / 4", 10**9 // 7 % 5 - 0.25),
        ("'abc'[::-1]", "cba"),
        ("[1, 2][1]", 2),
        ("''.join(['a', 'b'])", "ab"),
        ("' A '.strip().lower()", "a"),
        ("list({'a': 1}.items())", [("a", 1)]),
        ("sorted(set([2, 1]))", [1, 2]),
        ("f'a{x}b'", "a3b"),
        ("dict([(1, 2)], a=3)", {1: 2, "a": 3}),
        ("dict(zip([1], [2]))", {1: 2}),
        ("list(reversed([1, 2]))", [2, 1]),
        ("(y := x)", 3),
        ("bytes([65])", b"A"),
        ("Decimal('1.50')", Decimal("1.5")),
        ("Decimal('NaN')", Made("Decimal", ("NaN",))),
        ("datetime.date(2024, 1, 31)", Made("date", (2024, 1, 31))),
        ("300 * 400", 120000),
    ],
)
def test_an_expression_of_literals_has_its_value(text, value):
    assert value_of(text, x=3) == value


@pytest.mark.parametrize(
    "text",
    [
        "y",
        "f(1)",
        "x.attribute",
        "f'{x:100}'",
        "f'{x!r}'",
        "'%999999999d' % 1",
        "'a' * 10 ** 9",
        "[0] * 10 ** 9",
        "9 ** 9 ** 9",
        "1.5 * 'a'",
        "('a' * 15000) + ('b' * 15000) + ('c' * 15000) + ('d' * 15000) + ('e' * 15000) + ('f' * 15000) + ('g' * 15000)",
        "('a' * 1000).replace('a', 'b' * 1000)",
        "bytes(10 ** 12)",
        "int('x')",
        "[1][5]",
        "1 / 0",
        "1 << 2",
        "~x",
        "x.strip()",
        "Point(x=1)",
        "opaque",
        "lambda: 1",
    ],
)
def test_what_has_no_value_or_too_big_a_one_is_unknown(text):
    with pytest.raises(UnknownValueError):
        value_of(text, x=3, opaque=Opaque())


def test_nothing_has_no_value():
    with pytest.raises(UnknownValueError):
        fold(None, {})


def test_what_is_made_is_shown_as_it_is_written():
    assert repr(Made("date", (2024, 1, "x"))) == "date(2024, 1, 'x')"


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1.0), (1, Decimal("1.00")), (0.1 + 0.2, 0.3), ([1], (1,)), ({2, 1}, [1, 2]), ({"a": [1]}, {"a": (1,)}),
     (Made("D", ("1",)), Made("D", ("1",))), (float("inf"), float("inf")), (1j, 1j)],
)  # fmt: skip
def test_values_are_the_same_as_a_test_would_have_it(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), ("1", 1), ("a", b"a"), (2**40, 2**40 + 1), (Made("D", ()), ()), (None, False)]
)
def test_values_are_not_the_same(one, other):
    assert not same(one, other)
