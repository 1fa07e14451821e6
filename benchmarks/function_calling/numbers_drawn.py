"""Numbers in the place of others: of the same digits for tests, of another magnitude, sign or precision for scoring."""

from __future__ import annotations

import random
from decimal import Decimal

from benchmarks.function_calling.lists import Kind
from benchmarks.function_calling.numerals import Numeral

_WORDS = {
    "tests": ((2, 3, 4, 5, 6, 7, 8, 9), (23, 47, 61, 85)),
    "scoring": ((12, 15, 18, 30, 40, 70), (120, 345, 508, 777)),
}


def draw_number(
    form: Numeral, *, is_whole: bool, kind: Kind, number: int, chance: random.Random, is_signed: bool
) -> Decimal:
    """Return what is meant by another number in the place of a numeral.

    Args:
        form: the numeral.
        is_whole: the answer has to be an integer.
        kind: for whom it is drawn.
        number: the how-manyth replacement it is: scoring takes its kinds in turn.
        chance: draws its digits.
        is_signed: the call has a negative number, so the other sign fits.
    """
    if is_year(form):
        ranges = [(1950, 2029)] if kind == "tests" else [(1700, 1899), (2100, 2190)]
        return Decimal(chance.randint(*ranges[number % len(ranges)]))
    if form.is_word:
        words = _WORDS[kind]
        return Decimal(chance.choice([each for each in words[number % len(words)] if each != form.shown]))
    length, decimals = len(f"{abs(int(form.shown))}"), form.decimals
    sign = -1 if form.shown < 0 else 1
    if kind == "tests":
        decimals = decimals or (0 if is_whole else number % 2)
    else:
        shorter = length - 1 if length > 1 else length + 2
        length = (length + 1, shorter, length + 2, length + 3)[number % 4]
        decimals = (max(2, decimals + 1), decimals, 3)[number % 3] if not is_whole else decimals
        sign = -sign if is_signed and number % 3 == 1 else sign
    shown = _digits(length, decimals, chance)
    if shown == abs(form.shown):
        shown = shown + 1 if shown % 10 < 9 else shown - 1
    value = sign * shown * form.factor
    return value if not is_whole or value == int(value) else Decimal(sign * int(shown)) * form.factor


def is_year(form: Numeral) -> bool:
    """Tell whether a numeral is a year of this or the last century."""
    return form.factor == 1 and not form.decimals and not form.has_commas and 1900 <= form.shown <= 2099


def _digits(length: int, decimals: int, chance: random.Random) -> Decimal:
    first = str(chance.randint(1, 9)) + "".join(str(chance.randint(0, 9)) for _ in range(length - 1))
    rest = "".join(str(chance.randint(0, 9)) for _ in range(decimals - 1)) + str(chance.randint(1, 9))
    return Decimal(f"{first}.{rest}" if decimals else first)
