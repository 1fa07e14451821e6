"""Dates as people write them, the day before the month unless the month has a name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai import spec

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@spec
def month_number(name: str) -> int:
    """Return the number of a month, 1 to 12, from its English name: all of it or its first three letters, in any case.

    >>> month_number("November")
    11
    >>> month_number("nov")
    11

    Raises:
        ValueError: it is no such name (`novem` and `no` are none).
    """


@pytest.mark.parametrize("name", MONTHS)
def test_months(name: str) -> None:
    number = MONTHS.index(name) + 1
    assert month_number(name) == month_number(name.upper()) == month_number(name.title()) == number
    assert month_number(name[:3]) == month_number(name[:3].upper()) == number


@pytest.mark.parametrize("name", ["", "no", "novem", "monday", "11", "ember"])
def test_not_a_month(name: str) -> None:
    with pytest.raises(ValueError):
        month_number(name)


@spec
def full_year(text: str) -> int:
    """Read a year of two or four digits.

    - Four digits are the year itself.
    - Two digits from 00 to 68 are that number plus 2000.
    - Two digits from 69 to 99 are that number plus 1900.

    >>> full_year("2026")
    2026
    >>> full_year("26")
    2026
    >>> full_year("71")
    1971

    Raises:
        ValueError: the text is not two or four digits.
    """


@pytest.mark.parametrize(
    ("text", "year"), [("00", 2000), ("68", 2068), ("69", 1969), ("99", 1999), ("1999", 1999), ("0068", 68)]
)
def test_years(text: str, year: int) -> None:
    assert full_year(text) == year


@pytest.mark.parametrize("text", ["", "6", "126", "20266", "2o26", "-1", "-126", " 26"])
def test_not_a_year(text: str) -> None:
    with pytest.raises(ValueError):
        full_year(text)


@spec
def is_weekday(word: str) -> bool:
    """Tell whether a word is one of WEEKDAYS or SHORT_WEEKDAYS, in any case.

    >>> is_weekday("Monday")
    True
    >>> is_weekday("SAT")
    True
    >>> is_weekday("May")
    False
    """


@pytest.mark.parametrize("weekday", [*WEEKDAYS, *SHORT_WEEKDAYS])
def test_weekdays(weekday: str) -> None:
    assert is_weekday(weekday)
    assert is_weekday(weekday.title())
    assert is_weekday(weekday.upper())


@pytest.mark.parametrize("word", ["", "mo", "mond", "mondays", "day", "23", *MONTHS])
def test_not_a_weekday(word: str) -> None:
    assert not is_weekday(word)


@spec
def without_ordinal(word: str) -> str:
    """Drop the ending of an ordinal number: `st`, `nd`, `rd` or `th` straight after digits. Leave any other word alone.

    >>> without_ordinal("1st")
    '1'
    >>> without_ordinal("august")
    'august'
    """


@pytest.mark.parametrize(
    ("word", "number"), [("2nd", "2"), ("23rd", "23"), ("30th", "30"), ("11th", "11"), ("7", "7"), ("2026", "2026")]
)
def test_ordinals(word: str, number: str) -> None:
    assert without_ordinal(word) == number


@pytest.mark.parametrize("word", ["", "st", "th", "month", "first", "1sts", "4t", "th4"])
def test_other_words_are_left_alone(word: str) -> None:
    assert without_ordinal(word) == word


@spec(uses=[is_weekday, without_ordinal])
def date_words(text: str) -> list[str]:
    """Split a written date into its words, in lower case and in order, without the weekday.

    - White space, commas, points, slashes and hyphens separate words.
    - The ending of an ordinal number is dropped (`without_ordinal`).
    - The first word is left out if it is a weekday (`is_weekday`).

    >>> date_words("Monday, 23rd Nov 2026")
    ['23', 'nov', '2026']
    >>> date_words("23.11.2026")
    ['23', '11', '2026']
    """


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-23", ["2026", "11", "23"]),
        ("23/11/26", ["23", "11", "26"]),
        ("  November 23,2026 ", ["november", "23", "2026"]),
        ("1. August 2026", ["1", "august", "2026"]),
        ("1ST May 2026", ["1", "may", "2026"]),
        ("2nd May 2026", ["2", "may", "2026"]),
        ("30th aug 2026", ["30", "aug", "2026"]),
        ("Mon 23 Nov 2026", ["23", "nov", "2026"]),
        ("THURSDAY, August 6, 2026", ["august", "6", "2026"]),
        ("", []),
        ("Sun", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert date_words(text) == words


@spec
def order_words(first: str, second: str, third: str) -> tuple[str, str, str]:
    """Return the three words of a date as year, month and day. They are written in one of these orders:

    - year, month, day, if the first word has four digits (`2026-11-23`);
    - month, day, year, if the first word is not all digits (`November 23, 2026`);
    - day, month, year otherwise (`23/11/2026`, `23 Nov 26`).

    >>> order_words("2026", "11", "23")
    ('2026', '11', '23')
    >>> order_words("november", "23", "2026")
    ('2026', 'november', '23')
    >>> order_words("23", "nov", "26")
    ('26', 'nov', '23')
    """


@pytest.mark.parametrize(
    ("words", "ordered"),
    [
        (["2026", "nov", "23"], ("2026", "nov", "23")),
        (["Nov", "23", "2026"], ("2026", "Nov", "23")),
        (["june", "1", "2000"], ("2000", "june", "1")),
        (["23", "11", "2026"], ("2026", "11", "23")),
        (["1", "2", "3"], ("3", "2", "1")),
    ],
)
def test_orders(words: list[str], ordered: tuple[str, str, str]) -> None:
    assert order_words(*words) == ordered


@spec(uses=[month_number])
def read_month(word: str) -> int:
    """Read a month that is written as a number, or as a name that `month_number` reads.

    >>> read_month("11")
    11
    >>> read_month("Nov")
    11

    Raises:
        ValueError: it is neither.
    """


@pytest.mark.parametrize(("word", "month"), [("1", 1), ("02", 2), ("12", 12), ("may", 5), ("AUGUST", 8)])
def test_numbers_and_names_of_months(word: str, month: int) -> None:
    assert read_month(word) == month


@pytest.mark.parametrize("word", ["", "ma", "maya", "1st"])
def test_neither_number_nor_name(word: str) -> None:
    with pytest.raises(ValueError):
        read_month(word)


@spec(uses=[full_year, read_month])
def to_date(year: str, month: str, day: str) -> date:
    """Return the date of three words: `full_year` reads the year, `read_month` the month, and `int` the day.

    >>> to_date("26", "nov", "23")
    datetime.date(2026, 11, 23)

    Raises:
        ValueError: one of them is none of a date, or there is no such day.
    """


@pytest.mark.parametrize(
    ("words", "day"),
    [
        (["2026", "11", "23"], date(2026, 11, 23)),
        (["1999", "june", "01"], date(1999, 6, 1)),
        (["24", "2", "29"], date(2024, 2, 29)),
    ],
)
def test_words_of_dates(words: list[str], day: date) -> None:
    assert to_date(*words) == day


@pytest.mark.parametrize("words", [["2026", "2", "29"], ["2026", "13", "1"], ["2026", "1", "x"], ["day", "1", "1"]])
def test_words_of_no_date(words: list[str]) -> None:
    with pytest.raises(ValueError):
        to_date(*words)


@spec(uses=[date_words, order_words, to_date])
def parse_date(text: str) -> date:
    """Read a date as people write it.

    - `date_words` splits it; there have to be three words.
    - `order_words`, called with these three, tells the year, the month and the day.
    - `to_date` makes a date of them.

    >>> parse_date("2026-11-23")
    datetime.date(2026, 11, 23)
    >>> parse_date("Monday, November 23rd, 2026")
    datetime.date(2026, 11, 23)

    Raises:
        ValueError: there are more or fewer than three words, one of them is none of a date, or there is no such day.
    """


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026/11/23",
        "23.11.2026",
        "23/11/2026",
        "23-11-26",
        "23 Nov 2026",
        "23 november 26",
        "23-Nov-2026",
        "23rd November 2026",
        "November 23, 2026",
        "NOV 23 2026",
        "Mon, 23 Nov 2026",
        "Monday November 23rd, 2026",
    ],
)
def test_ways_of_writing_one_date(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 23)


def test_the_day_comes_first() -> None:
    assert parse_date("03/04/2026") == date(2026, 4, 3)


def test_leap_day() -> None:
    assert parse_date("29 Feb 2024") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    ["", "today", "Monday", "11/2026", "23.11.2026.1", "31 April 2026", "29 Feb 2026", "11/23/2026", "23 Novem 2026"],
)
def test_not_a_date(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_dates_round_trip(day: date) -> None:
    month = MONTHS[day.month - 1]
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day}.{day.month}.{day.year}") == day
    assert parse_date(f"{month.title()} {day.day}, {day.year}") == day
    assert parse_date(f"{day.day} {month[:3]} {day.year}") == day
