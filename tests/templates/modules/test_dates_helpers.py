from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts_for_helpers import TEXTS

from pytest_compiled_ai.templates.modules.dates import date_texts_in, dates_in, relative_date, times_in

TODAY = date(2024, 2, 21)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2023-03-01, 2024/02/21, 2024.2.1, 20230401", ["2023-03-01", "2024-02-21", "2024-02-01", "2023-04-01"]),
        ("01/28/2021", ["2021-01-28"]),
        ("3/4/2023", ["2023-04-03"]),
        ("12-02-18, 12 / 03 / 2018, 12.05.2018", ["2018-02-12", "2018-03-12", "2018-05-12"]),
        ("25/FEB/2017 07:43:54", ["2017-02-25"]),
        ("24/06/201822:43", ["2018-06-24"]),
        ("DATE:12/02/2018 or DATE12/02/2018", ["2018-02-12", "2018-02-12"]),
        ("March 1st, 2023; Jan.28,2021; Sept 3 2020", ["2023-03-01", "2021-01-28", "2020-09-03"]),
        (
            "5 April 2023, the 22nd of April, 2023, 12-MAR-2018, 1 May '21",
            ["2023-04-05", "2023-04-22", "2018-03-12", "2021-05-01"],
        ),
        ("29 Feb 2024 and 29 Feb 2023, 31/02/2018, 2018-13-45", ["2024-02-29"]),
        ("12 May 19:30, April 22nd", []),
        ("172.16.254.1, 10-15, May I, room 3/4, A12-11-10", []),
        ("", []),
    ],
)
def test_dates(text, dates):
    assert list(map(str, dates_in(text))) == dates


def test_the_order_and_the_year_may_be_given():
    assert dates_in("3/4/2023, 13/4/2023", day_first=False) == [date(2023, 3, 4), date(2023, 4, 13)]
    assert dates_in("April 22nd, 5 May and 12 May 19:30", year=2023) == [
        date(2023, 4, 22),
        date(2023, 5, 5),
        date(2023, 5, 12),
    ]


def test_dates_as_they_are_written():
    assert date_texts_in("on 25/FEB/2017 at 7, Jan. 28, 2021. and May 5") == ["25/FEB/2017", "Jan. 28, 2021"]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("7:30 pm, 19:30, 7pm and 12 a.m.", [time(19, 30), time(19, 30), time(19), time(0)]),
        ("22:43:04 or 23h15", [time(22, 43, 4), time(23, 15)]),
        ("noon, midnight", [time(12), time(0)]),
        ("13:00 pm", [time(13)]),
        ("24:00, 7:61, 12.05.2018, 10.30, 5 amps", []),
        ("7.30 p.m.", [time(19, 30)]),
    ],
)
def test_times(text, times):
    assert times_in(text) == times


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Today", "2024-02-21"),
        ("the day  after tomorrow", "2024-02-23"),
        ("yesterday", "2024-02-20"),
        ("in 3 days", "2024-02-24"),
        ("in two weeks", "2024-03-06"),
        ("a week ago", "2024-02-14"),
        ("next Friday", "2024-02-23"),
        ("on Wednesday", "2024-02-28"),
        ("last Wednesday", "2024-02-14"),
        ("last tuesday", "2024-02-20"),
        ("last month", "2024-01-21"),
        ("in 10 months", "2024-12-21"),
        ("2 years ago", "2022-02-21"),
        ("next year", "2025-02-21"),
    ],
)
def test_days_from_today(text, day):
    assert str(relative_date(text, TODAY)) == day


def test_days_that_are_none():
    assert relative_date("nothing", TODAY) is None
    assert relative_date("3000 years ago", TODAY) is None
    assert relative_date("9999 weeks", date(9999, 1, 1)) is None
    assert relative_date("in a month", date(2023, 1, 31)) == date(2023, 2, 28)


@given(
    st.dates(date(1000, 1, 1), date(2999, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%B %d, %Y", "%d.%m.%Y"]),
)
def test_every_date_is_read(day, form):
    written = day.strftime(form)
    assert [each.strftime(form) for each in dates_in(f"It was {written} then.")] == [written]
    assert date_texts_in(f"It was {written} then.") == [written]


@given(TEXTS, st.dates(), st.integers(-5, 10**5))
def test_any_text_may_come(text, day, year):
    assert len(dates_in(text, day_first=False)) == len(date_texts_in(text))
    assert len(dates_in(text, year=year)) <= len(text)
    assert all(isinstance(each, time) for each in times_in(text))
    assert isinstance(relative_date(text, day), date | None)
