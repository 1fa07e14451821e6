"""Dates and times in a text."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

__all__ = ["date_texts_in", "dates_in", "relative_date", "times_in"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![^\W\d_])\.?"
)
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?![0-9])"
_YEAR = r"(?:['\u2019]?[0-9]{2}(?![0-9]|:[0-9])|[12][0-9]{3}(?:(?![0-9]|:[0-9])|(?=[0-9]{2}:[0-9]{2})))"
_DATE = re.compile(
    rf"(?:(?<![\w.])|(?<=[^\W\d_])(?=(?:[0-9]{{1,2}}[-/.]){{2}}[0-9]{{4}}))(?:(?P<year>[12][0-9]{{3}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})(?![0-9])"
    rf"|(?P<year3>[12][0-9]{{3}})(?P<month3>0[1-9]|1[0-2])(?P<day3>[0-3][0-9])(?![0-9])"
    rf"|(?P<one>[0-9]{{1,2}})(?P<mark2>\s?[-/.]\s?)(?P<two>[0-9]{{1,2}})(?P=mark2)(?P<year2>{_YEAR})"
    rf"|(?P<day4>{_DAY})(?:st|nd|rd|th)?\s?(?:of\s+)?[-/. ]?\s?(?P<month4>{_MONTH})"
    rf"(?:[-/., ]{{0,2}}(?P<year4>{_YEAR}))?"
    rf"|(?P<month5>{_MONTH})[-/. ]?\s?(?:the\s+)?(?P<day5>{_DAY})(?:st|nd|rd|th)?"
    rf"(?:[-/., ]{{1,2}}(?P<year5>{_YEAR}))?)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d:.,/-])(?:(?P<hour>[01]?[0-9]|2[0-4])(?:[:h]|\.(?=[0-5][0-9]\s?[ap]\.?m\b))(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]))?(?![\d.:])"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?|(?P<hour2>1[0-2]|0?[1-9])\s?(?P<half2>[ap])\.?m\b\.?"
    r"|\b(?P<word>noon|midday|midnight)\b)",
    re.IGNORECASE,
)
_NEAR_DAYS = {
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "day after tomorrow": 2, "day before yesterday": -2
}  # fmt: skip
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_RELATIVE = re.compile(
    rf"\b(?:(?P<word>day\s+after\s+tomorrow|day\s+before\s+yesterday|today|tonight|tomorrow|yesterday)"
    rf"|(?:(?P<side>last)\s+)?(?P<weekday>{'|'.join(_WEEKDAYS)})"
    rf"|(?P<step>next|last|(?P<count>[0-9]{{1,4}}|an?|{'|'.join(_COUNTED)}))\s+(?P<unit>day|week|month|year)s?"
    rf"(?:\s+(?P<way>ago|before|earlier))?)\b",
    re.IGNORECASE,
)


def dates_in(text: str, day_first: bool = True, year: int | None = None) -> list[date]:
    """Return the dates in a text: "March 1st, 2023" gives [date(2023, 3, 1)].

    Args:
        text: any text.
        day_first: 3/4/2023 is the 3rd of April; where only the other order is a date, that counts.
        year: the year of dates that are written without one; None leaves these out.
    """
    found = (_read_date(match, day_first, year) for match in _DATE.finditer(text))
    return [each for each in found if each is not None]


def date_texts_in(text: str) -> list[str]:
    """Return the dates in a text as they are written: "on 25/FEB/2017 at 7" gives ["25/FEB/2017"]."""
    return [match[0].strip() for match in _DATE.finditer(text) if _read_date(match, True, None) is not None]


def times_in(text: str) -> list[time]:
    """Return the times of day in a text: "7:30 pm, or 21:00" gives [time(19, 30), time(21, 0)]."""
    found = (_read_time(match) for match in _TIME.finditer(text))
    return [each for each in found if each is not None]


def relative_date(text: str, today: date) -> date | None:
    """Return the day that a text names from today, as in "in 3 days", "next Friday", "2 weeks ago".

    A weekday is the next one that comes; after "last", the one before today.
    """
    if not (match := _RELATIVE.search(text)):
        return None
    found = {name: (each or "").lower() for name, each in match.groupdict().items()}
    if found["word"]:
        return _shift(today, _NEAR_DAYS[" ".join(found["word"].split())])
    if found["weekday"]:
        ahead = (_WEEKDAYS.index(found["weekday"]) - today.weekday() - 1) % 7 + 1
        return _shift(today, ahead - 7 - 7 * (ahead == 7) if found["side"] == "last" else ahead)
    word = found["count"]
    count = int(word) if word.isdigit() else 1 + _COUNTED.index(word) if word in _COUNTED else 1
    is_past = found["way"] != "" or found["step"] == "last"
    return _move(today, found["unit"], -count if is_past else count)


def _move(day: date, unit: str, count: int) -> date | None:
    if unit in {"day", "week"}:
        return _shift(day, count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    for last in (day.day, 30, 29, 28):
        if moved := _make_date(f"{months // 12:04d}", str(months % 12 + 1), str(min(last, day.day))):
            return moved
    return None


def _shift(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _read_date(match: re.Match[str], day_first: bool, year: int | None) -> date | None:
    found = match.groupdict()
    if found["one"]:
        pairs = [(found["one"], found["two"]), (found["two"], found["one"])]
        days = [_make_date(found["year2"], month, day) for day, month in (pairs if day_first else pairs[::-1])]
        return days[0] or days[1]
    mark = next(mark for mark in ("", "3", "4", "5") if found[f"month{mark}"])
    named = found[f"year{mark}"] or (str(year) if year else "")
    return _make_date(named, found[f"month{mark}"], found[f"day{mark}"])


def _make_date(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.index(month[:3].lower()) + 1 if month[0].isalpha() else int(month)
    digits = year.strip("'\u2019")
    try:
        return date(int(digits) + (2000 if len(digits) == 2 else 0), number, int(day))
    except ValueError:
        return None


def _read_time(match: re.Match[str]) -> time | None:
    if match["word"]:
        return time(0) if match["word"].lower() == "midnight" else time(12)
    hour, half = int(match["hour"] or match["hour2"]), (match["half"] or match["half2"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0)) if hour < 24 else None
