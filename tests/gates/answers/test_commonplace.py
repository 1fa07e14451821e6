from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.gates.answers.commonplace import (
    is_conventional,
    is_label,
    is_named,
    is_peculiar,
    is_tiny,
    is_trivial,
    is_word,
)


@pytest.mark.parametrize(
    "value",
    [0, 10, -10, 1.0, Decimal(3), None, True, "", "a", " ", "()", "--", "0.00", "00:00", "10", "-1", b"", b"x", [], [1],
     (0, 0), [[]], {}, set(), ...],
)  # fmt: skip
def test_base_cases_are_trivial(value):
    assert is_trivial(value)
    assert not is_peculiar(value)


@pytest.mark.parametrize(
    "value",
    [11, -11, 0.5, Decimal("1.5"), float("inf"), float("nan"), "ab", "12", "abc", b"ab", [1, 2], [3, 3], [12], ["ab"],
     {"a": 1}, 1j],
)  # fmt: skip
def test_others_are_not(value):
    assert not is_trivial(value)


@given(st.integers(), st.text(min_size=4))
def test_a_number_is_never_peculiar_and_a_word_is_not(number, text):
    assert not is_peculiar(number)
    assert not (is_word(text) and is_peculiar(text))


def test_words_of_every_day_need_no_spec():
    assert all(map(is_conventional, ("true", "No", " NaN ", "November", "sun", "mon", "utf-8")))
    assert not any(map(is_conventional, ("kayak", 5, None)))


def test_a_label_is_not_made_of_its_argument():
    assert is_label("even", (12,))
    assert not is_label("olleh", ("Hello",))
    assert not is_label("12:30", (750,))
    assert not is_label(5, (750,))


def test_tiny_numbers():
    assert all(map(is_tiny, (-1, 0, 1, 2, "text")))
    assert not is_tiny(5)


@pytest.mark.parametrize("value", ["noon", "NOON", "great gross", 12, 12.0, 1500, Decimal("0.5"), (1, 2), "a-b"])
def test_what_prose_holds_is_named(value):
    assert is_named(value, 'At "noon", 12 of a great gross; 1_500 of 0.5; (1,2), and `a-b`.')


@pytest.mark.parametrize("value", ["moon", "oon", 7, 50, "", [1, 2], {1: 2}, None, True, (1, 3)])
def test_what_prose_does_not_hold_is_not(value):
    assert not is_named(value, "noon 12 1500 [1, 2] {1: 2} None True (1, 2, 3)x2")
