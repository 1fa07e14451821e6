"""ISO 8601 durations, from weeks down to seconds."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai import spec

DURATION = (
    r"\AP(?!\Z)(?:(?P<weeks>[0-9]+(?:[.,][0-9]+)?)W)?(?:(?P<days>[0-9]+(?:[.,][0-9]+)?)D)?"
    r"(?:T(?!\Z)(?:(?P<hours>[0-9]+(?:[.,][0-9]+)?)H)?(?:(?P<minutes>[0-9]+(?:[.,][0-9]+)?)M)?"
    r"(?:(?P<seconds>[0-9]+(?:[.,][0-9]+)?)S)?)?\Z"
)


@spec
def duration_parts(text: str) -> dict[str, float]:
    """Return the numbers of an ISO 8601 duration by the names of the regular expression DURATION, which matches it.

    The names are weeks, days, hours, minutes and seconds; those of parts that are left out are absent. A number may
    have a fraction, after a point or a comma.

    >>> duration_parts("P1DT2H30M")
    {'days': 1.0, 'hours': 2.0, 'minutes': 30.0}
    >>> duration_parts("PT0,5S")
    {'seconds': 0.5}

    Raises:
        ValueError: the text is no such duration. Years and months (`P1Y`, `P1M`) are refused, as they have no fixed
            length.
    """


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("P1W", {"weeks": 1.0}),
        ("P3D", {"days": 3.0}),
        ("P0.5D", {"days": 0.5}),
        ("PT1M", {"minutes": 1.0}),
        ("PT0S", {"seconds": 0.0}),
        ("P1W2DT3H4M5S", {"weeks": 1.0, "days": 2.0, "hours": 3.0, "minutes": 4.0, "seconds": 5.0}),
    ],
)
def test_parts(text: str, parts: dict[str, float]) -> None:
    assert duration_parts(text) == parts


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "1D", "P1", "P1H", "PT1D", "PT1M1H", "P1D2W", "p1d", "PT1,2.3S", "P1Y", "P1M", "-P1D"],
)
def test_no_parts(text: str) -> None:
    with pytest.raises(ValueError):
        duration_parts(text)


@spec(uses=[duration_parts])
def parse_duration(text: str) -> timedelta:
    """Read an ISO 8601 duration such as `P1DT2H30M`, with or without a sign before it.

    1. Take the first character away if it is `-` or `+`.
    2. Call `duration_parts` with the rest: what it returns are the keyword arguments of a timedelta.
    3. Return that timedelta; if the sign was `-`, the negative of it.

    >>> parse_duration("PT90S")
    datetime.timedelta(seconds=90)
    >>> parse_duration("P1DT12H")
    datetime.timedelta(days=1, seconds=43200)
    >>> parse_duration("-P2W")
    datetime.timedelta(days=-14)

    Raises:
        ValueError: the text is no such duration.
    """


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P1W", timedelta(weeks=1)),
        ("P3D", timedelta(days=3)),
        ("P1W2D", timedelta(days=9)),
        ("PT36H", timedelta(hours=36)),
        ("PT5M", timedelta(minutes=5)),
        ("PT0S", timedelta(0)),
        ("+PT1H", timedelta(hours=1)),
        ("-PT1H30M", -timedelta(hours=1, minutes=30)),
        ("P1W2DT3H4M5S", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)),
        ("PT1.5H", timedelta(minutes=90)),
        ("PT0,5S", timedelta(milliseconds=500)),
        ("P0.5D", timedelta(hours=12)),
        ("PT0.000001S", timedelta(microseconds=1)),
    ],
)
def test_durations(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "-P", "P1DT", "1D", "P1", "P1H", "PT1D", "P1S", "PT1M1H", "P1D2W", "p1d", "PT1,2.3S", "PT-1H"],
)
def test_not_a_duration(text: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P1Y", "P1M", "P1Y2M3D", "P1M1DT1H", "-P1Y", " PT1H", "PT1H ", "PT1H\n"])
def test_years_months_and_white_space_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(text)


@spec
def format_seconds(microseconds: int) -> str:
    """Write microseconds as seconds in decimal, never with an exponent: up to six digits after the point, without the
    zeros at their end, and without the point where nothing is left after it.

    >>> format_seconds(500000)
    '0.5'
    >>> format_seconds(10000000)
    '10'
    """


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (0, "0"),
        (1, "0.000001"),
        (10, "0.00001"),
        (120000, "0.12"),
        (1000000, "1"),
        (30500000, "30.5"),
        (59999999, "59.999999"),
    ],
)
def test_seconds(microseconds: int, text: str) -> None:
    assert format_seconds(microseconds) == text


@spec(uses=[format_seconds])
def format_clock(hours: int, minutes: int, microseconds: int) -> str:
    """Write a time of less than a day as ISO 8601 does: `2H30M5S`. What is zero is left out, all of it if need be.

    Args:
        hours: 0 to 23.
        minutes: 0 to 59, beside the hours.
        microseconds: 0 to 59999999, beside the minutes: the seconds, as `format_seconds` writes them.

    >>> format_clock(2, 30, 5000000)
    '2H30M5S'
    >>> format_clock(0, 1, 30500000)
    '1M30.5S'
    """


@pytest.mark.parametrize(
    ("hours", "minutes", "microseconds", "text"),
    [
        (0, 0, 0, ""),
        (0, 0, 1000000, "1S"),
        (0, 0, 10000000, "10S"),
        (0, 1, 0, "1M"),
        (1, 0, 0, "1H"),
        (1, 0, 1000000, "1H1S"),
        (23, 59, 59000000, "23H59M59S"),
        (0, 0, 1, "0.000001S"),
        (2, 0, 120000, "2H0.12S"),
    ],
)
def test_clock(hours: int, minutes: int, microseconds: int, text: str) -> None:
    assert format_clock(hours, minutes, microseconds) == text


@spec(uses=[format_clock])
def format_duration(duration: timedelta) -> str:
    """Write a duration as ISO 8601 in days, hours, minutes and seconds.

    - It is `P`, the days with a `D`, then `T` and the rest, less than a day, as `format_clock` writes its hours,
      minutes and microseconds: `P1DT2H`.
    - Days that are zero are left out, and so is the `T` where nothing follows it. A duration of zero is `PT0S`.
    - A negative duration is written as a minus sign and then its absolute value.

    >>> format_duration(timedelta(days=1, hours=12))
    'P1DT12H'
    >>> format_duration(timedelta(seconds=90.5))
    'PT1M30.5S'
    >>> format_duration(timedelta(hours=-1))
    '-PT1H'
    """


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(weeks=2), "P14D"),
        (timedelta(hours=25), "P1DT1H"),
        (timedelta(seconds=3600), "PT1H"),
        (timedelta(minutes=59, seconds=60), "PT1H"),
        (timedelta(days=1, hours=2, minutes=3, seconds=4), "P1DT2H3M4S"),
        (timedelta(microseconds=1), "PT0.000001S"),
        (timedelta(milliseconds=500), "PT0.5S"),
        (timedelta(seconds=10), "PT10S"),
        (timedelta(seconds=-1), "-PT1S"),
        (timedelta(days=-1, seconds=1), "-PT23H59M59S"),
    ],
)
def test_formats(duration: timedelta, text: str) -> None:
    assert format_duration(duration) == text


@given(st.timedeltas(min_value=timedelta(days=-99999), max_value=timedelta(days=99999)))
def test_what_is_written_can_be_read(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration
