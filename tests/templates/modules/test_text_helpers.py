"""Money, quantities, options and spans in a text."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts_for_helpers import TEXTS

from pytest_compiled_ai.templates.modules.enums import closest_member, closest_option, options_in
from pytest_compiled_ai.templates.modules.money import amounts_in, currencies_in, money_in, read_amount
from pytest_compiled_ai.templates.modules.quantities import quantities_in, quantity_in, unit_symbol
from pytest_compiled_ai.templates.modules.spans import (
    items_in,
    literals_in,
    names_in,
    places_in,
    quoted_in,
    text_after,
    text_between,
)


class Colour(Enum):
    RED = "red"
    DARK_BLUE = "navy"
    GREEN = 3


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$1,234.50", "1234.50"),
        ("1.234,50 \u20ac", "1234.50"),
        ("1.234.567 EUR", "1234567"),
        ("1 234,50 kr", "1234.50"),
        ("CHF 1'234.50", "1234.50"),
        ("1\u202f234,5", "1234.5"),
        ("1,5", "1.5"),
        ("1,234", "1234"),
        ("0.125", "0.125"),
        ("4.5000", "4.5000"),
        ("(12.00)", "-12.00"),
        ("(RM 5)", "-5"),
        ("-$5.10", "-5.10"),
        ("$-5.10", "-5.10"),
        ("\u22125.10", "-5.10"),
        ("5.00-", "-5.00"),
        ("$2.5 million", "2500000"),
        ("\u20ac3k", "3000"),
        ("3 m of rope", "3"),
    ],
)
def test_one_amount(text, amount):
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("2 MUGS X 4.50 = RM9", ["4.50", "9"]),
        ("TOTAL:RM8.00 (3 ITEMS)", ["8.00"]),
        ("TEA 2 100.00", ["100.00"]),
        ("ROUNDING -0.02, 3 X 4.5000", ["-0.02"]),
        ("12.05.2018 10.30.00 3.50", ["3.50"]),
        ("47000 HARBOUR TOWN 03-1234 5678", []),
        ("a 500-dollar fine and twenty euros", ["500"]),
        ("", []),
    ],
)
def test_amounts(text, amounts):
    assert amounts_in(text) == [Decimal(amount) for amount in amounts]


def test_currencies():
    assert money_in("from $5 to 3 euros, 20 times") == [(Decimal(5), "USD"), (Decimal(3), "EUR")]
    assert money_in("A$5.50 or Rs. 70 or 9 yen") == [
        (Decimal("5.50"), "AUD"),
        (Decimal(70), "INR"),
        (Decimal(9), "JPY"),
    ]
    assert currencies_in("US dollars to British Pounds, then GBP and usd") == ["USD", "GBP"]
    assert currencies_in("form of a beuro") == []


@given(st.decimals(-(10**9), 10**9, places=2))
def test_every_amount_is_read(amount):
    assert amounts_in(f"3 CUPS {amount:,} RM") == [amount]
    european = f"{abs(amount):,}".translate(str.maketrans(",.", ".,"))
    assert read_amount(f"{european} \u20ac") == abs(amount)


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("6cm and 10 km, 20 dice", [(6, "cm"), (10, "km"), (20, "dice")]),
        ("a 25-year loan at 4.5%", [(25, "year"), (4.5, "%")]),
        (
            "98.6\u00b0F, 37 \u00b0C, 20 degrees Celsius, 5 degrees",
            [(98.6, "\u00b0F"), (37, "\u00b0C"), (20, "Celsius"), (5, "degrees")],
        ),
        ("60 miles per hour, 9.8 m/s\u00b2, 3 m/s^2", [(60, "miles per hour"), (9.8, "m/s\u00b2"), (3, "m/s^2")]),
        ("two weeks, 5 and 6 to 7", [(2, "weeks"), (5, ""), (6, ""), (7, "")]),
    ],
)
def test_quantities(text, quantities):
    assert quantities_in(text) == quantities


def test_a_quantity_by_any_name_of_its_unit():
    text = "30 kilometres in 2 hours at 4.5% with 10 people and 3 kg at 50 kph"
    assert quantity_in(text, "km") == 30
    assert quantity_in(text, "h") == 2
    assert quantity_in(text, "%") == quantity_in(text, "percent") == 4.5
    assert quantity_in(text, "person", "people") == 10
    assert quantity_in(text, "kilometers per hour") == 50
    assert quantity_in(text, "mile") is None
    assert quantity_in("5", "") is None


@pytest.mark.parametrize(
    ("unit", "symbol"),
    [
        ("Pounds", "lb"), ("km", "km"), ("metres per second squared", "m/s^2"), ("miles per hour", "mph"),
        ("nights", "night"), ("glass", "glass"), ("gas", "gas"), ("bus", "bus"), ("", ""), ("m/s", "m/s"),
    ],
)  # fmt: skip
def test_units(unit, symbol):
    assert unit_symbol(unit) == symbol


@pytest.mark.parametrize(
    ("text", "options", "option"),
    [
        ("in Celcius, please", ["celsius", "fahrenheit"], "celsius"),
        ("two one-way flights", ["Round Trip", "One Way"], "One Way"),
        ("a sub-category", ["category", "sub_category"], "sub_category"),
        ("a subCategory", ["category", "sub_category"], "sub_category"),
        ("comedies", ["Drama", "Comedy"], "Comedy"),
        ("wind, then rain", ["rain", "wind"], "wind"),
        ("something else", ["rain", "wind"], None),
        ("", ["rain"], None),
        ("rain", [], None),
        ("rain", [""], None),
    ],
)
def test_the_option_that_a_text_means(text, options, option):
    assert closest_option(text, options) == option


def test_options_and_members():
    assert options_in("winds, then RAIN", ["rain", "snow", "wind"]) == ["wind", "rain"]
    assert closest_member("make it navy", Colour) is Colour.DARK_BLUE
    assert closest_member("make it dark blue", Colour) is Colour.DARK_BLUE
    assert closest_member("the third, number 3", Colour) is Colour.GREEN
    assert closest_member("greeen", Colour) is Colour.GREEN
    assert closest_member("pink", Colour) is None


def test_quoted():
    text = "play 'Let It Be', don't \"stop it\" \u201cx y\u201d \u00aba\u00bb \u201eb\u201c \u2018it\u2019s\u2019 the dogs' 'it's fine' `echo %time%`"
    assert quoted_in(text) == ["Let It Be", "stop it", "x y", "a", "b", "it\u2019s", "it's fine", "echo %time%"]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("the weather in San Francisco, CA for today", ["in"], "San Francisco, CA"),
        ("name: Ann Lee; age: 3", ["name"], "Ann Lee"),
        ("name = Ann", ["name"], "Ann"),
        ("directed by Jane Doe?", ["directed by", "by"], "Jane Doe"),
        ("fly TO Rome. Then home", ["to"], "Rome"),
        ("set it to 3.5 and go", ["to"], "3.5"),
        ("go to", ["to"], ""),
        ("into", ["to"], ""),
        ("x (a+b) y", ["x"], "(a+b) y"),
        ("", ["a"], ""),
        ("My user id is u-12.", ["user id"], "u-12"),
        ("his name isn't Bo", ["name"], "isn't Bo"),
        ("in path C:/data/a.csv.", ["path"], "C:/data/a.csv"),
    ],
)
def test_text_after_a_word(text, words, found):
    assert text_after(text, *words) == found


def test_text_between_words():
    assert text_between("from Rome to New York", "from", "to") == "Rome"
    assert text_between("from Rome", "from", "to") == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Is Bank of Ireland in New York?", ["Bank of Ireland", "New York"]),
        ("Could you find Acme Corporation's price?", ["Acme Corporation"]),
        ("What's the weather in Springfield, NJ and Dr. Ann Smith", ["Springfield", "NJ", "Dr. Ann Smith"]),
        ("I'd meet J. R. Smith, O'Neill & Sons", ["J. R. Smith", "O'Neill & Sons"]),
        ("S\u00e3o Paulo to \u00c5rhus", ["S\u00e3o Paulo", "\u00c5rhus"]),
        ("Mix yellow and Blue. Identify a bird", ["Blue"]),
        ("Rome is big. Isaac Newton wrote to Paris's mayor", ["Rome", "Isaac Newton", "Paris"]),
        ("Hi, I am Karan. Could you?", ["Karan"]),
        ("in Stratford upon Avon, at Mt. Etna and St. Louis", ["Stratford upon Avon", "Mt. Etna", "St. Louis"]),
        ("in Villa del Sol. Don't", ["Villa del Sol"]),
        ("Who is it?", []),
        ("", []),
    ],
)
def test_names(text, names):
    assert names_in(text) == names


def test_places():
    assert places_in("the weather in Springfield, NJ, at Hotel Sol or near Lima's port") == [
        "Springfield, NJ",
        "Hotel Sol",
        "Lima",
    ]
    assert places_in("In Rome to be") == []


def test_items():
    assert items_in("red, green and blue.") == ["red", "green", "blue"]
    assert items_in("salt & pepper; 1,000 eggs, or tea,milk") == ["salt", "pepper", "1,000 eggs", "tea", "milk"]
    assert items_in("'one'") == ["one"]
    assert items_in(" , ") == []


def test_literals():
    text = 'A=[[1, 2], [3, 4]] and (45.76, 4.85), {"a": 1} f(x) [see] (3) [1, 2'
    assert literals_in(text) == [[[1, 2], [3, 4]], (45.76, 4.85), {"a": 1}]
    assert literals_in("([)] {1} [") == [{1}]
    (deep,) = literals_in("[" * 900 + "]" * 900)
    assert str(deep) == "[" * 50 + "]" * 50


@given(TEXTS, TEXTS)
def test_any_text_may_come(text, other):
    assert all(isinstance(amount, Decimal) for amount in (*amounts_in(text), read_amount(text) or Decimal()))
    assert {currency for _, currency in money_in(text)} <= set(currencies_in(text))
    assert len(quantities_in(text)) >= (quantity_in(text, "km", other) is not None)
    assert all(span in text for span in quoted_in(text))
    assert text_after(text, other, "to") in text
    assert text_between(text, other, "to") in text
    assert all(isinstance(found, str) and found for found in (*names_in(text), *places_in(text), *items_in(text)))
    assert all(isinstance(value, list | tuple | dict | set) for value in literals_in(text))
    assert closest_option(text, [other, "x"]) in {None, other, "x"}
    assert closest_member(text, Colour) in {None, *Colour}
    assert isinstance(unit_symbol(text), str)
