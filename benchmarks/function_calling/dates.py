"""Dates as people and schemas write them: to find one in a text, and to write another in the same form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime

_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_WRITTEN = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{2}}[/.-]\d{{2}}[/.-]\d{{4}}\b|"
    rf"\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? \d{{4}}\b",
    re.IGNORECASE,
)
_FORMS = (
    "%Y-%m-%d", "%m-%d-%Y", "%d-%m-%Y", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%B %d, %Y", "%B %d %Y",
    "%b %d, %Y", "%b %d %Y", "%b.%d,%Y", "%b. %d, %Y", "%d %B %Y", "%d %B, %Y", "%d of %B %Y", "%d of %B, %Y",
    "%d %b %Y",
)  # fmt: skip


def find_forms(text: str) -> Iterator[tuple[str, date]]:
    """Yield the forms in which a text is a date, each with that date."""
    plain = _ORDINAL.sub("", text.strip())
    for form in _FORMS:
        with suppress(ValueError):
            yield form, datetime.strptime(plain, form).date()


def find_dates(text: str, wanted: date) -> Iterator[tuple[int, int, str]]:
    """Yield where a text has a date, and its form there."""
    for found in _WRITTEN.finditer(text):
        for form, day in find_forms(found[0]):
            if day == wanted:
                yield *found.span(), form
                break


def write_date(day: date, form: str, like: str) -> str:
    """Return a date in a form, with an ordinal and without leading zeros where `like` has them so."""
    text = day.strftime(form)
    if re.search(r"[A-Za-z]{3}", like):
        ordinal = _suffix(day.day) if _ORDINAL.search(like) else ""
        text = re.sub(r"\b0?(\d{1,2})\b(?!\d)", lambda found: found[1] + ordinal, text, count=1)
    return text


def _suffix(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
