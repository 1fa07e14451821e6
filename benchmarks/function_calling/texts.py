"""Names, words, codes and options of an answer, as they stand in a request."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from benchmarks.function_calling.checker import standardize
from benchmarks.function_calling.lists import FORMULAS, choose_list
from benchmarks.function_calling.numbers_drawn import draw_number
from benchmarks.function_calling.numerals import Numeral
from benchmarks.function_calling.values import Draw, Key, Spot

_SEPARATORS = r"[ ,./_\-*^]*"


@dataclass(frozen=True, slots=True)
class Text:
    """A name, a word, a code or an option; `about` is what its parameter says, `options` what it may be."""

    text: str
    about: str
    options: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """Tell texts that compare as equal."""
        return "text", standardize(self.text)

    def find(self, text: str) -> Iterator[Spot]:
        """Yield where it stands as whole words, whatever is between them."""
        runs = re.findall(r"\w+|[^\w\s,./\-*^]", self.text.replace("_", " "))
        if not any(run[0].isalnum() for run in runs):
            return
        pattern = _SEPARATORS.join(map(re.escape, runs))
        before = r"(?<![\w.])" if self.text[0].isdigit() else r"(?<![^\W\d_])"
        after = r"(?![\w]|\.\d)" if self.text[-1].isdigit() else r"(?![^\W\d_])"
        flags = re.IGNORECASE if len(self.text) > 2 else re.NOFLAG
        for found in re.finditer(before + pattern + after, text, flags):
            yield Spot(*found.span(), partial(self._write, like=found[0]), found[0])

    def draw(self, form: str, how: Draw) -> str:
        """Return another text of its class."""
        others = [each for each in self.options if standardize(each) != standardize(self.text)]
        if others:
            return others[(how.number + how.attempt) % len(others)]
        if re.search(r"\w *[\^*+=] *\w", form):
            return how.chance.choice(FORMULAS[how.kind])
        if re.search(r"\d", form) and re.search(r"\s", form):
            return re.sub(r"\d+", lambda found: _draw_digits(found[0], how), form)
        if re.search(r"\d", form) or re.fullmatch(r"[A-Z]{5,}", form):
            return _draw_code(form, how)
        lists = choose_list(self.about, form, how.kind)
        return how.chance.choice(lists[sorted(lists)[how.number % len(lists)]])

    def place(self, drawn: str) -> list[Any]:
        """Return it."""
        return [drawn]

    def _write(self, drawn: str, like: str) -> str:
        if not self.options:
            return drawn
        spelled = drawn.replace("_", " ") if " " in like else drawn
        return spelled.lower() if like.islower() and not spelled.isupper() else spelled


def _draw_code(form: str, how: Draw) -> str:
    bits = set(form) <= {"0", "1"}
    drawn = "".join(how.chance.choice("01") if bits else _other(letter, how.chance) for letter in form)
    runs = re.findall(r"[0-9]+|[A-Z]+", drawn)
    # A character more, in the first of its longest runs.
    longest = max(runs, key=len, default="")
    return drawn.replace(longest, longest + longest[-1], 1) if how.kind == "scoring" else drawn


def _draw_digits(digits: str, how: Draw) -> str:
    numeral = Numeral(start=0, end=0, shown=Decimal(digits))
    return (
        f"{draw_number(numeral, is_whole=True, kind=how.kind, number=how.number, chance=how.chance, is_signed=False)}"
    )


def _other(letter: str, chance: random.Random) -> str:
    for letters in (string.digits[1:], string.ascii_lowercase, string.ascii_uppercase):
        if letter in letters:
            return chance.choice([each for each in letters if each != letter])
    return letter
