"""Money amounts as people write them in the US and in Europe."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai import spec

CENTS = r"\A(.*)[.,]([0-9]{1,2})\Z"
CURRENCY = r"[$€£¥]|[A-Z]{3}"
DIGITS = r"\A[0-9]+\Z"
MINUS = ("-", "\u2212")
SPACES = " \u00a0\u202f'\u2019"


@spec
def split_cents(text: str) -> tuple[str, str]:
    """Split a written number before its cents: one or two digits at its end with a comma or a point before them.

    That comma or point is in neither part: the two groups of the regular expression CENTS are the parts of a number
    that it matches. Any other number is split into all of it and an empty string.

    >>> split_cents("1,234.50")
    ('1,234', '50')
    >>> split_cents("1,234")
    ('1,234', '')
    """


@pytest.mark.parametrize(
    ("text", "whole", "cents"),
    [
        ("", "", ""),
        ("12", "12", ""),
        ("12.5", "12", "5"),
        ("12,50", "12", "50"),
        ("1.234,5", "1.234", "5"),
        ("1,234,567.89", "1,234,567", "89"),
        ("1.234.567", "1.234.567", ""),
        ("1,234.567", "1,234.567", ""),
        (".99", "", "99"),
        ("5.", "5.", ""),
        ("12.5x", "12.5x", ""),
    ],
)
def test_cents(text: str, whole: str, cents: str) -> None:
    assert split_cents(text) == (whole, cents)


@spec
def without(text: str, marks: str) -> str:
    """Return a text without any of the characters in `marks`.

    >>> without("1'234.50", "'.")
    '123450'
    """


@pytest.mark.parametrize(
    ("text", "marks", "rest"),
    [
        ("", ",", ""),
        ("12", ",.", "12"),
        ("1 234", " ", "1234"),
        (",1,2,", ",", "12"),
        ("a.b", "", "a.b"),
        ("]-^", "-]", "^"),
    ],
)
def test_marks_are_left_out(text: str, marks: str, rest: str) -> None:
    assert without(text, marks) == rest


@spec
def to_decimal(whole: str, cents: str) -> Decimal:
    """Return the number that has the digits `whole` before its point and the digits `cents` behind it.

    >>> to_decimal("1234", "50")
    Decimal('1234.50')
    >>> to_decimal("", "99")
    Decimal('0.99')
    >>> to_decimal("12", "")
    Decimal('12')

    Raises:
        ValueError: the regular expression DIGITS does not match both of them together, `whole + cents`.
    """


@pytest.mark.parametrize(
    ("whole", "cents", "number"),
    [("0", "", "0"), ("007", "5", "7.5"), ("", "0", "0.0"), ("1234567", "89", "1234567.89"), ("0", "00", "0.00")],
)
def test_decimals(whole: str, cents: str, number: str) -> None:
    assert str(to_decimal(whole, cents)) == number


@pytest.mark.parametrize(
    ("whole", "cents"),
    [
        ("", ""),
        ("-1", ""),
        ("1", "-1"),
        ("1e5", ""),
        ("1_000", ""),
        ("1", "x"),
        ("NaN", ""),
        ("\u0663", ""),
        ("\u00b2", ""),
    ],
)
def test_no_decimals(whole: str, cents: str) -> None:
    with pytest.raises(ValueError):
        to_decimal(whole, cents)


@spec(uses=[split_cents, to_decimal, without])
def read_number(text: str) -> Decimal:
    """Read a number without a sign, with or without cents, its thousands separated or not.

    - The text `without` the characters in SPACES is split by `split_cents` into the whole part and the cents.
    - Commas and points in the whole part separate thousands: it is taken `without` them.
    - `to_decimal` makes a number of both parts.

    >>> read_number("1,234.50")
    Decimal('1234.50')
    >>> read_number("1.234,50")
    Decimal('1234.50')
    >>> read_number("1,234")
    Decimal('1234')
    >>> read_number("1,23")
    Decimal('1.23')

    Raises:
        ValueError: the text has no digit, or holds anything but the digits 0-9 and these marks (`1e5`, `NaN`, `-1`).
    """


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1.234", "1234"),
        ("1.23", "1.23"),
        ("1,234,567.89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1\u2019234\u2019567.50", "1234567.50"),
        (".99", "0.99"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", " ", ".", ",", "abc", "12a", "1e5", "1_000", "NaN", "-1"])
def test_not_a_number(text: str) -> None:
    with pytest.raises(ValueError):
        read_number(text)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_all_ways_of_writing_a_number(number: Decimal) -> None:
    american = f"{number:,}"
    assert read_number(american) == number
    assert read_number(american.replace(",", "'")) == number
    assert read_number(american.replace(",", " ").replace(".", ",")) == number
    assert read_number(american.translate(str.maketrans(",.", ".,"))) == number


@spec
def remove_currency(text: str) -> str:
    """Remove the first currency of a written amount, and white space at both ends of what is left.

    A currency is what the regular expression CURRENCY matches: a sign, or a code such as USD or CHF.

    >>> remove_currency("$1,234.50")
    '1,234.50'
    >>> remove_currency("-12 EUR")
    '-12'
    """


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("", ""),
        ("12", "12"),
        ("  £99 ", "99"),
        ("¥", ""),
        ("1.234,50 €", "1.234,50"),
        ("USD12", "12"),
        ("CHF 1'234.50", "1'234.50"),
        ("($12.00)", "(12.00)"),
        ("$1 or $2", "1 or $2"),
        ("12 USD each", "12  each"),
        ("usd 1", "usd 1"),
        ("12 EU", "12 EU"),
    ],
)
def test_currencies_are_removed(text: str, rest: str) -> None:
    assert remove_currency(text) == rest


@spec
def split_sign(text: str) -> tuple[bool, str]:
    """Tell whether an amount is negative, and return it without its sign and without white space at both ends.

    1. Strip white space from the text.
    2. If it begins with `(` and ends with `)`, it is negative, and the rest is what stands between them, stripped.
    3. If it begins with one of MINUS, it is negative, and the rest is all but its first character, stripped.
    4. If it ends with one of MINUS, it is negative, and the rest is all but its last character, stripped.
    5. Else it is not negative, and the rest is all of it.

    >>> split_sign("-12.50")
    (True, '12.50')
    >>> split_sign("(12)")
    (True, '12')
    >>> split_sign(" 12 ")
    (False, '12')
    """


@pytest.mark.parametrize(
    ("text", "is_negative", "rest"),
    [
        ("", False, ""),
        ("12", False, "12"),
        ("12-", True, "12"),
        ("- 12", True, "12"),
        ("\u221212", True, "12"),
        ("( 12.00 )", True, "12.00"),
        ("(12", False, "(12"),
        ("12)", False, "12)"),
        ("-", True, ""),
        ("()", True, ""),
        ("--12", True, "-12"),
        ("1-2", False, "1-2"),
    ],
)
def test_signs(text: str, is_negative: bool, rest: str) -> None:
    assert split_sign(text) == (is_negative, rest)


@spec(uses=[read_number, remove_currency, split_sign])
def parse_amount(text: str) -> Decimal:
    """Read a money amount as people write it in the US and in Europe.

    - A currency may stand before or after the number: `remove_currency` takes it away.
    - Of what is left `split_sign` tells whether it is negative, and `read_number` reads the rest.

    >>> parse_amount("$1,234.50")
    Decimal('1234.50')
    >>> parse_amount("1.234,50 €")
    Decimal('1234.50')
    >>> parse_amount("($12.00)")
    Decimal('-12.00')

    Raises:
        ValueError: there is no amount in the text, or anything more than one amount.
    """


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", "12"),
        ("  $12.50 ", "12.50"),
        ("12.50$", "12.50"),
        ("€ 1.234,50", "1234.50"),
        ("1 234,50 EUR", "1234.50"),
        ("USD 1,234", "1234"),
        ("USD12", "12"),
        ("CHF 1'234.50", "1234.50"),
        ("£99", "99"),
        ("¥1,000,000", "1000000"),
    ],
)
def test_currencies_are_ignored(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["-12.00", "12.00-", "\u221212.00", "(12.00)", "-$12.00", "$-12.00", "($12.00)", "-12,00 €", "- EUR 12,00"]
)
def test_negative_amounts(text: str) -> None:
    assert parse_amount(text) == Decimal(-12)


@pytest.mark.parametrize("text", ["", "   ", "$", "EUR", "-", "()", "free", "12 apples", "$1 or $2"])
def test_no_amount(text: str) -> None:
    with pytest.raises(ValueError):
        parse_amount(text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_round_trip(amount: Decimal) -> None:
    assert parse_amount(f"{amount:,}") == amount
