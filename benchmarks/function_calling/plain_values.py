"""Numbers, dates and flags of an answer, as they stand in a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from benchmarks.function_calling.dates import find_dates, write_date
from benchmarks.function_calling.numbers_drawn import draw_number
from benchmarks.function_calling.numerals import Numeral, find_numerals
from benchmarks.function_calling.values import Draw, Key, Spot


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or a text that is one."""

    number: Decimal
    is_text: bool
    is_whole: bool

    @property
    def key(self) -> Key:
        """Tell equal numbers."""
        return "number", self.number

    def find(self, text: str) -> Iterator[Spot]:
        """Yield its numerals: digits that show it as it is, else percentages and the like, else words."""
        found = [each for each in find_numerals(text) if each.value == self.number]
        digits = [each for each in found if not each.is_word]
        for each in [each for each in digits if each.factor == 1] or digits or found:
            yield Spot(each.start, each.end, each.write, each)

    def draw(self, form: Numeral, how: Draw) -> Decimal:
        """Return another number."""
        return draw_number(form, is_whole=self.is_whole, kind=how.kind, number=how.number, chance=how.chance,
                           is_signed=how.is_signed)  # fmt: skip

    def place(self, drawn: Decimal) -> list[Any]:
        """Return it in the type of the answer; a percentage may be divided, or multiplied, in binary."""
        if self.is_text:
            return [f"{drawn.normalize():f}"]
        if self.is_whole:
            return [int(drawn)]
        return list(dict.fromkeys([float(drawn), float(drawn * 100) / 100, float(drawn * 100) * 0.01]))


@dataclass(frozen=True, slots=True)
class Day:
    """A date, written in some form."""

    day: date
    form: str

    @property
    def key(self) -> Key:
        """Tell equal dates."""
        return "date", self.day

    def find(self, text: str) -> Iterator[Spot]:
        """Yield where the date stands, in whatever form."""
        for start, end, form in find_dates(text, self.day):
            like = text[start:end]
            yield Spot(start, end, partial(write_date, form=form, like=like), like)

    def draw(self, form: str, how: Draw) -> date:
        """Return another date."""
        if how.kind == "tests":
            return date(how.chance.randint(2021, 2029), how.chance.randint(1, 12), how.chance.randint(13, 28))
        return date(how.chance.randint(2031, 2049), how.chance.randint(1, 12), 1) + timedelta(how.chance.randint(0, 11))

    def place(self, drawn: date) -> list[Any]:
        """Return it in the form of the answer."""
        return [write_date(drawn, self.form, "")]


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes or no that one word of a pair of opposites says; `words` is the pair."""

    value: bool
    words: tuple[str, str]

    @property
    def key(self) -> Key:
        """Tell flags that hang on the same words."""
        return "flag", self.words

    def find(self, text: str) -> Iterator[Spot]:
        """Yield the words of the pair."""
        for found in re.finditer(rf"\b(?:{'|'.join(self.words)})\b", text):
            yield Spot(*found.span(), partial(self._write, found[0]), found[0])

    def draw(self, form: str, how: Draw) -> bool:
        """Return the other value, and this one in every second call of the tests."""
        return self.value if how.kind == "tests" and how.number % 2 else not self.value

    def place(self, drawn: bool) -> list[Any]:
        """Return it."""
        return [drawn]

    def _write(self, like: str, drawn: bool) -> str:
        return like if drawn == self.value else self.words[1 - self.words.index(like)]
