"""What tells values apart."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.evaluation.keys import key_of

ZONED = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.0, -0.0),
        (0.1 + 0.2, 0.3),
        ([1e15 + 1.0], [1e15]),
        (float("nan"), float("nan")),
        ({1: 2, 3: 4}, {3: 4, 1: 2}),
        ({"a", "b", "c"}, {"c", "b", "a"}),
        (Decimal("1.50"), Decimal("1.5")),
        (Decimal("0.00"), Decimal("-0")),
        (Decimal("100"), Decimal("1E+2")),
        (complex(0.0, 1.0), complex(-0.0, 1.0)),
        (ZONED, datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(0)))),
    ],
)
def test_values_that_a_person_calls_equal_have_one_key(one, other):
    assert key_of(one) == key_of(other)
    assert key_of({"in": [one]}) == key_of({"in": [other]})


DIFFERENT = [
    None, True, 1, 1.0, 1 + 0j, Decimal(1), Fraction(1), "1", b"1", (), [], set(), frozenset(), {}, OrderedDict(), deque(),
    [1], (1,), {1}, ["1"], [[1]], [True], 0, False, 0.1, 0.100001, float("inf"), -float("inf"), float("nan"),
    Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), Decimal(-1), {1: 2}, {2: 1}, {1: 2, 3: 4},
    OrderedDict([(1, 2), (3, 4)]), OrderedDict([(3, 4), (1, 2)]), ZONED, ZONED.replace(tzinfo=None), date(2026, 1, 1),
    "a,b", ["a", "b"], ["a,b"], ["a','b"], 1 << 20_000,
]  # fmt: skip


def test_values_that_differ_in_value_or_type_have_keys_of_their_own():
    assert len({key_of(value) for value in DIFFERENT}) == len(DIFFERENT)


@settings(max_examples=40)
@given(st.lists(st.integers() | st.text() | st.booleans()), st.lists(st.integers() | st.text() | st.booleans()))
def test_lists_have_one_key_exactly_when_they_are_equal(one, other):
    spelled = [(type(item), item) for item in one], [(type(item), item) for item in other]
    assert (key_of(one) == key_of(other)) == (spelled[0] == spelled[1])
