from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts_for_helpers import TEXTS

from pytest_compiled_ai.templates.modules.numbers import (
    matrices_in,
    number_after,
    number_before,
    number_lists_in,
    numbers_in,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("none at all", []),
        ("a shelf of 7.8 kg, and 1,200 books", [7.8, 1200]),
        ("12,345,678.5 or 1234", [12345678.5, 1234]),
        ("[100,200,300] {4,500}", [100, 200, 300, 4, 500]),
        ("(45.76, -4.85)", [45.76, -4.85]),
        ("from 10-15, then -5, \u22123, +2", [10, 15, -5, -3, 2]),
        ("x=2, y = 3 and n:4", [2, 3, 4]),
        (".5 and 0.25, no.5", [0.5, 0.25, 5]),
        ("5e-3 N, 6 x 10^24 kg, 1.67\u00d710^-27, 2*10^3", [0.005, 6e24, 1.67e-27, 2000.0]),
        ("3 million, 2.5 thousand, 40k and 1.2 billion", [3000000, 2500, 40000, 1200000000]),
        ("8.2 million, 1.1 thousand and 4.35 million", [8200000, 1100, 4350000]),
        ("300K", [300]),
        ("1/2 cup, 3/4 inch, 2 1/2 miles", [0.5, 0.75, 2.5]),
        ("3x^2 + 2x - 1", [3, 2, 1]),
        ("9.8 m/s^2", [9.8]),
        ("the 10th and the 2nd", [10, 2]),
        ("on 2023-04-25 or 12/02/2018 or 3-4-21", []),
        ("at 10:30 from 172.16.254.1, ann7@example.com, https://example.com/5", []),
        ("MP3, B2B, COVID-19, room_7", []),
        ("Chapter 5.", [5]),
        ("two dozen eggs, half a dozen, a dozen, 3 dozen", [24, 6, 12, 36]),
        ("twenty-five, three hundred and five, one thousand two hundred", [25, 305, 1200]),
        ("two million five hundred thousand and one", [2500001]),
        ("a hundred, a thousand", [100, 1000]),
        ("three and a half years", [3.5]),
        ("two, three and five", [2, 3, 5]),
        ("One night for one, the first one, one of them, no one", [1, 1]),
        ("someone often phones on a one-way street", []),
        ("an eighty-year-old with a two-bedroom flat", [80, 2]),
        ("zero", [0]),
        ("twice a day", [2]),
        ("1" * 301 + " 9e999 1e5", [100000.0]),
        ("\u0663", [3]),
    ],
)
def test_numbers(text, numbers):
    found = numbers_in(text)
    assert found == numbers
    assert [type(each) for each in found] == [type(each) for each in numbers]


@given(st.lists(st.integers(-(10**12), 10**12) | st.floats(-1e6, 1e6, allow_nan=False).map(lambda n: round(n, 4))))
def test_every_number_is_found(values):
    written = [f"{value:,}" if "e" not in str(value) else str(value) for value in values]
    assert numbers_in(" then ".join(written)) == values


@given(TEXTS)
def test_any_text_may_come(text):
    assert all(math.isfinite(value) for value in numbers_in(text))
    assert all(len(values) > 1 for values in number_lists_in(text))
    assert number_after(text, "and", "") in {None, *numbers_in(text)}
    assert number_before(text, "and", "") in {None, *numbers_in(text)}


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("x is [1, 2, -3] and y 4, -5, 6.", [[1, 2, -3], [4, -5, 6]]),
        ("prices: 1000, 2000, and 3000. Also 5 or 6", [[1000, 2000, 3000]]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("5 and 6, 7", [[5, 6, 7]]),
        ("only 5", []),
        ("", []),
    ],
)
def test_lists(text, lists):
    assert number_lists_in(text) == lists


@pytest.mark.parametrize(
    ("text", "matrices"),
    [
        ("Add [[1, 2], [3, -4.5]] to [[5]].", [[[1, 2], [3, -4.5]], [[5]]]),
        ("[ [1,2] , [] , ]", [[[1, 2], []]]),
        ("[1, 2] and [[1, 2], 3]", []),
        ("", []),
    ],
)
def test_matrices(text, matrices):
    assert matrices_in(text) == matrices


@given(TEXTS)
def test_any_text_may_hold_a_matrix(text):
    assert all(rows for rows in matrices_in(f"[[1]{text}"))


def test_the_number_beside_a_word():
    text = "a base of 6cm, height: 9 and n=20, five sixes, two hours"
    assert number_after(text, "base") == 6
    assert number_after(text, "Height") == 9
    assert number_after(text, "n") == 20
    assert number_after(text, "width", "height") == 9
    assert number_after(text, "hours") is None
    assert number_before(text, "sixes") == 5
    assert number_before(text, "cm") == 6
    assert number_before(text, "hour") == 2
    assert number_before(text, "base") is None
    assert number_before("", "") is None
