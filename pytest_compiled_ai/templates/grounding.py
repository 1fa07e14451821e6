"""Whether what was taken out of a document stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pytest_compiled_ai.templates.objects import Described, fields_of

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BETWEEN = re.compile(r"(?<=\d)[ .,'\u2019_](?=\d)")
_POINT = re.compile(r"\.0*$")


def find_ungrounded(value: Any, document: Any, known: str = "") -> str:
    """Return which value inside of an answer does not stand in the document, as `.total is Decimal('3')`, or "".

    Texts count without case, spaces and punctuation, numbers by their digits, dates by the digits of their parts. What
    stands for "nothing" (None, an empty text or list), truth values and members of enums need no ground.

    Args:
        value: the answer.
        document: what it was taken from; all texts and numbers in it count.
        known: other text that may be taken from: what the spec itself says.
    """
    text = "\n".join([*_texts(document), known])
    return next(_find(value, _Document(text), ""), "")


class _Document:
    """A document's text, read once: its letters and digits, its words, and its numbers."""

    def __init__(self, text: str) -> None:
        folded = _fold(text)
        self.letters = _squeeze(folded)
        self.words = set(re.findall(r"\w+", folded))
        joined = _BETWEEN.sub("", folded)
        self.numbers = re.findall(r"\d+", f"{folded} {joined}")
        self.digits = {number.strip("0") for number in self.numbers}

    def has_text(self, text: str) -> bool:
        folded = _fold(text)
        # Lines of a document may be joined by something else than what stands between them.
        return _squeeze(folded) in self.letters or set(re.findall(r"\w+", folded)) <= self.words

    def has_number(self, number: Decimal) -> bool:
        digits = re.sub(r"\D", "", f"{number:f}").strip("0")
        return digits in self.digits if digits else any(not each.strip("0") for each in self.numbers)

    def has_date(self, day: date) -> bool:
        """Tell whether a day stands here: packed, or in parts, of which the month may be a name."""
        if any(f"{day.year:04}{day.month:02}{day.day:02}" in number for number in self.numbers):
            return True
        parts = {number.lstrip("0") for number in self.numbers}
        has_month = str(day.month) in parts or any(word.startswith(_MONTHS[day.month - 1]) for word in self.words)
        has_year = str(day.year) in parts or str(day.year % 100) in parts
        # Ordinals stand as one word: "3rd".
        days = {re.sub(r"\D.*", "", word).lstrip("0") for word in self.words if word[:1].isdigit()}
        return has_year and has_month and str(day.day) in parts | days

    def has_time(self, moment: time) -> bool:
        parts = {number.lstrip("0") or "0" for number in self.numbers}
        hours = {str(moment.hour), str(moment.hour % 12), str(moment.hour % 12 or 12)}
        packed = any(f"{moment.hour:02}{moment.minute:02}" in number for number in self.numbers)
        return packed or (bool(hours & parts) and (moment.minute == 0 or str(moment.minute) in parts))


def _find(value: Any, document: _Document, place: str) -> Iterator[str]:
    if isinstance(value, Described):
        named = ((f".{name}", each) for name, each in fields_of(value).items())
    elif isinstance(value, dict):
        named = ((f"[{key!r}]", each) for key, each in value.items())
    elif isinstance(value, list | tuple | set | frozenset):
        named = ((f"[{number}]", each) for number, each in enumerate(value))
    else:
        if not _stands(value, document):
            yield f"{place or 'it'} is {value!r}"
        return
    for inner, each in named:
        yield from _find(each, document, f"{place}{inner}")


def _stands(value: Any, document: _Document) -> bool:
    match value:
        case bool() | None:
            return True
        case str():
            return document.has_text(value) or _stands_as_date(value, document)
        case int() | float() | Decimal():
            number = Decimal(_POINT.sub("", repr(value)) if isinstance(value, float) else value)
            return number.is_finite() and document.has_number(number)
        case datetime():
            is_midnight = value.time() == time.min
            return document.has_date(value) and (is_midnight or document.has_time(value.time()))
        case date():
            return document.has_date(value)
        case time():
            return document.has_time(value)
    return True


def _stands_as_date(text: str, document: _Document) -> bool:
    with suppress(ValueError):
        return document.has_date(date.fromisoformat(text))
    return False


def _texts(document: Any) -> Iterator[str]:
    match document:
        case str() | int() | float() | Decimal() | date() | time():
            yield str(document)
        case dict():
            yield from (text for each in document.values() for text in _texts(each))
        case list() | tuple() | set() | frozenset():
            yield from (text for each in document for text in _texts(each))
        case Described():
            yield from _texts(document.fields)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char if char.isascii() else _digit(char) for char in plain)


def _digit(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _squeeze(folded: str) -> str:
    return "".join(char for char in folded if char.isalnum())
