"""ISO 8601 durations, from weeks down to seconds."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai import spec


@spec
def read_parts(text: str, units: str) -> dict[str, Decimal]:
    """Read numbers with a unit letter after each, such as `1W2D`, and return the number of each unit.

    - The units are letters of `units`, in that order, each at most once; any of them may be left out.
    - A number is the digits 0-9, perhaps with a fraction after a point or a comma: `1.5`, `0,5`.
    - Nothing else may stand before, between or after them, not even white space.

    >>> read_parts("1W2D", "WD")
    {'W': Decimal('1'), 'D': Decimal('2')}
    >>> read_parts("0,5S", "HMS")
    {'S': Decimal('0.5')}
    >>> read_parts("", "WD")
    {}

    Raises:
        ValueError: the text has another form.
    """


def test_parts() -> None:
    assert read_parts("3H4M5.25S", "HMS") == {"H": Decimal(3), "M": Decimal(4), "S": Decimal("5.25")}
    assert read_parts("36H", "HMS") == {"H": Decimal(36)}
    assert read_parts("2D", "WD") == {"D": Decimal(2)}


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "H",
        "1D",
        "1h",
        "1M1H",
        "1H1H",
        "1H 2M",
        " 1H",
        "1H ",
        "1H\n",
        "-1H",
        "+1H",
        "1.H",
        ".5H",
        "1,2.3S",
        "1_0S",
        "²S",
    ],
)
def test_not_parts(text: str) -> None:
    with pytest.raises(ValueError):
        read_parts(text, "HMS")


@spec(uses=[read_parts])
def parse_duration(text: str) -> timedelta:
    """Read an ISO 8601 duration such as `P1DT2H30M`. Its form is `[+-]P[nW][nD][T[nH][nM][nS]]`.

    - W, D, H, M and S are weeks, days, hours, minutes and seconds; `read_parts` reads them: those before the T with the
      units `WD`, those after it with the units `HMS`.
    - What stands in square brackets may be left out, but at least one part must be there, and at least one after a T.
    - A minus sign makes the whole duration negative.
    - Nothing else may stand before, between or after these, not even white space.

    >>> parse_duration("PT90S")
    datetime.timedelta(seconds=90)
    >>> parse_duration("P1DT12H")
    datetime.timedelta(days=1, seconds=43200)
    >>> parse_duration("-P2W")
    datetime.timedelta(days=-14)

    Raises:
        ValueError: the text is no such duration. Years and months (`P1Y`, `P1M`) are refused, as they have no fixed
            length.
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
def format_clock(seconds: int, microseconds: int) -> str:
    """Write a time of less than a day as the hours, minutes and seconds of an ISO 8601 duration: `2H30M5S`.

    - Hours, minutes or seconds that are zero are left out; a time of zero is the empty string.
    - Microseconds are a fraction of the seconds, after a point, without zeros at its end: `0.5S`.

    Args:
        seconds: 0 to 86399, in all.
        microseconds: 0 to 999999, beside the seconds.

    >>> format_clock(9005, 0)
    '2H30M5S'
    >>> format_clock(90, 500000)
    '1M30.5S'
    """


@pytest.mark.parametrize(
    ("seconds", "microseconds", "text"),
    [
        (0, 0, ""),
        (1, 0, "1S"),
        (10, 0, "10S"),
        (60, 0, "1M"),
        (3600, 0, "1H"),
        (3601, 0, "1H1S"),
        (86399, 0, "23H59M59S"),
        (0, 1, "0.000001S"),
        (0, 500000, "0.5S"),
        (7200, 120000, "2H0.12S"),
    ],
)
def test_clock(seconds: int, microseconds: int, text: str) -> None:
    assert format_clock(seconds, microseconds) == text


@spec(uses=[format_clock])
def format_duration(duration: timedelta) -> str:
    """Write a duration as ISO 8601 in days, hours, minutes and seconds.

    - It is `P`, the days with a `D`, then `T` and the rest of less than a day as `format_clock` writes it: `P1DT2H`.
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
