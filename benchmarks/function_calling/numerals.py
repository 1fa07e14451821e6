"""Numbers as they stand in a text: digits, percentages, words, and how another number is written in the same form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_BELOW_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: number for number, word in enumerate(_BELOW_TWENTY.split())}
WORDS |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
"""The number words that are read and written."""
_SCALES = {"thousand": 1000, "million": 10**6, "billion": 10**9}
_DIGITS = re.compile(r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)")
_WORD = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number as it stands in a text, from `start` to `end`.

    `shown` is the number that is spelled there, `factor` what makes it the value that is meant: 0.01 for a percentage.
    """

    start: int
    end: int
    shown: Decimal
    factor: Decimal = Decimal(1)
    is_word: bool = False
    has_commas: bool = False
    minus: str = ""

    @property
    def value(self) -> Decimal:
        """What is meant."""
        return self.shown * self.factor

    @property
    def decimals(self) -> int:
        """The number of its decimals."""
        return max(0, -int(self.shown.as_tuple().exponent))

    def write(self, value: Decimal) -> str:
        """Return another value in this form; words that there are none for are written as digits."""
        shown = value / self.factor
        if self.is_word and (word := next((word for word, number in WORDS.items() if number == shown), "")):
            return word
        # A minus that stands apart is an operator as well as a sign.
        sign = (self.minus or "-") if shown < 0 else ("+ " if self.minus not in ("", "-") else "")
        digits = abs(shown.normalize())
        return sign + (f"{digits:,f}" if self.has_commas else f"{digits:f}")


def find_numerals(text: str) -> Iterator[Numeral]:
    """Yield each way to read each number of a text: `5%` is 0.05, and 5, too; `1,234` one number, or two."""
    for found in _WORD.finditer(text):
        yield Numeral(start=found.start(), end=found.end(), shown=Decimal(WORDS[found[0].lower()]), is_word=True)
    for found in _DIGITS.finditer(text):
        parts = [found.span("number")]
        if "," in found[0]:
            start = found.start()
            parts += [(start + part.start(), start + part.end()) for part in re.finditer(r"[^,]+", found[0])]
        for start, end in parts:
            if _stands_alone(text, start, end):
                yield from _readings(text, start, end)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 3]
    is_part = re.search(r"[^\W\d_]$|[\^_]$|\d\.$", before) or re.match(r"\.?\d|(?:st|nd|rd|th)\b", after)
    return not is_part


def _readings(text: str, start: int, end: int) -> Iterator[Numeral]:
    shown, minus = Decimal(text[start:end].replace(",", "")), ""
    if sign := re.search(r"(?<![\w)\]])[-\u2212]$|(?<=[\w)\]]) [-\u2212] ?$|(?<=[=(\[,:]) ?[-\u2212] $", text[:start]):
        minus = sign[0].lstrip()
        start, shown = start - len(minus), -shown
    commas = "," in text[start:end]
    whole = Numeral(start=start, end=end, shown=shown, has_commas=commas, minus=minus)
    scale = re.match(r" ?(thousand|million|billion)\b|k\b", text[end:], re.IGNORECASE)
    if re.match(r" ?(?:%|percent\b)", text[end:]):
        yield Numeral(
            start=start, end=end, shown=shown, factor=Decimal("0.01"), has_commas=commas, minus=minus
        )  # fmt: skip
    elif scale:
        factor = Decimal(_SCALES[(scale[1] or "thousand").lower()])
        yield Numeral(start=start, end=end, shown=shown, factor=factor, has_commas=commas, minus=minus)
    yield whole
