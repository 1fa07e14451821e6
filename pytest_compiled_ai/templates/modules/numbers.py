"""Numbers in a text, in digits or in words, and lists of them."""

from __future__ import annotations

import math
import re

__all__ = ["matrices_in", "number_after", "number_before", "number_lists_in", "numbers_in"]

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SCALES = "hundred thousand million billion trillion dozen"
_VALUES: dict[str, float] = {
    **{word: value for value, word in enumerate(_UNITS.split())},
    **{word: 10 * value for value, word in enumerate(_TENS.split(), 2)},
    **dict(zip(_SCALES.split(), (100, 1e3, 1e6, 1e9, 1e12, 12), strict=True)),
    "a": 1,
    "an": 1,
    "half": 0.5,
    "twice": 2,
}
_SMALL = rf"(?:(?:{_TENS.replace(' ', '|')})(?:[ -](?:{'|'.join(_UNITS.split()[1:10])}))?|{_UNITS.replace(' ', '|')})"
_BELOW_1000 = rf"(?:(?:{_SMALL}|an?)[ -]hundred(?: and {_SMALL}| {_SMALL})?|{_SMALL})"
_SCALE = r"(?:thousand|million|billion|trillion|dozen)"
_IN_WORDS = (
    rf"\b(?:half an? (?:dozen|hundred|thousand|million|billion)"
    rf"|(?:{_BELOW_1000}|an?) {_SCALE}(?: {_BELOW_1000} {_SCALE})*(?: {_BELOW_1000}| and {_SMALL})?"
    rf"|twice|{_BELOW_1000})(?: and a half)?(?!\w)"
)
_NO_NUMBER = (
    r"\w+@[\w.]+|https?://\S+|\d{4}-\d\d?-\d\d?(?:T[\d:.]+)?|\d+[/-]\d+[/-]\d+|\d+(?:\.\d+){2,}|\d\d?:\d\d(?::\d\d)?\b"
    r"|(?<=[^\W\d)])\^[-+]?\d+|(?<![\d)\]])(?:[^\W\d]|_)[\w-]*"
)
_IN_DIGITS = (
    r"(?P<sign>(?<![\w)\]])[-+\u2212])?(?P<digits>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"
    r"(?:[eE](?P<exponent>[-+]?\d{1,3})\b|\s*[x*\u00d7]\s*10\s?\^\s?(?P<power>[-+\u2212]?\d{1,3}))?"
    r"(?:(?P<thousands>(?-i:k))\b|[ -](?P<scale>hundred|thousand|million|billion|trillion|dozen)\b"
    r"|(?: (?P<above>\d))?/(?P<below>[1-9]\d?)(?![/\d]))?"
)
_NUMBER = re.compile(rf"(?P<words>{_IN_WORDS})|(?P<none>{_NO_NUMBER})|{_IN_DIGITS}", re.IGNORECASE)
_MATRIX = re.compile(r"\[\s*(\[[^][]*\](?:\s*,\s*\[[^][]*\])*)\s*,?\s*\]")
_LIST = re.compile(r"\[[^][]*\]|\{[^{}]*\}")


def numbers_in(text: str) -> list[int | float]:
    """Return the numbers in a text: "7.8 of 1,200, two dozen" gives [7.8, 1200, 24].

    Numbers may be written in digits, in words, with a magnitude ("3 million", "5k"), or as a fraction. Digits that are
    part of a name, a date, a time or an address are no numbers.
    """
    return [value for _, _, value in find_numbers(text)]


def number_lists_in(text: str) -> list[list[int | float]]:
    """Return the lists of numbers in a text: "[1, 2] and 3, 4 and 5" gives [[1, 2], [3, 4, 5]]."""
    found: list[list[int | float]] = []
    last = -1
    for start, end, value in find_numbers(text):
        between = text[last:start] if last >= 0 else "."
        if re.fullmatch(r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+)", between):
            found[-1].append(value)
        else:
            found.append([value])
        last = end
    return [values for values in found if len(values) > 1]


def matrices_in(text: str) -> list[list[list[int | float]]]:
    """Return the lists of lists of numbers in a text: "[[1, 2], [3, 4]] twice" gives [[[1, 2], [3, 4]]]."""
    found = [re.findall(r"\[[^][]*\]", rows) for rows in _MATRIX.findall(text)]
    return [[[value for _, _, value in find_numbers(row)] for row in rows] for rows in found]


def number_after(text: str, *words: str) -> int | float | None:
    """Return the first number after one of some words: ("a base of 6 and 9", "base") gives 6."""
    ends = [m.end() for word in words for m in re.finditer(rf"\b{re.escape(word)}(?!\w)", text, re.IGNORECASE)]
    found = [(start - end, value) for start, _, value in find_numbers(text) for end in ends if start >= end]
    return min(found)[1] if found else None


def number_before(text: str, *words: str) -> int | float | None:
    """Return the last number before one of some words: ("20 rolls, five sixes", "sixes") gives 5."""
    starts = [m.start() for word in words for m in re.finditer(rf"(?<!\w){re.escape(word)}", text, re.IGNORECASE)]
    starts += [m.start() for word in words for m in re.finditer(rf"(?<=\d){re.escape(word)}\b", text, re.IGNORECASE)]
    found = [(start - end, value) for _, end, value in find_numbers(text) for start in starts if start >= end]
    return min(found)[1] if found else None


def find_numbers(text: str) -> list[tuple[int, int, int | float]]:
    """Return the numbers in a text, each behind where it starts and where it ends."""
    # In brackets, a comma stands between two numbers and never within one.
    spaced = _LIST.sub(lambda found: found[0].replace(",", ";"), text)
    found = []
    for match in _NUMBER.finditer(spaced):
        value = None if match["none"] else _value_of(match)
        if value is not None:
            found.append((match.start(), match.end(), value))
    return found


def _value_of(match: re.Match[str]) -> int | float | None:
    if match["words"]:
        return _value_of_words(match["words"].lower(), match.string[: match.start()], match.string[match.end() :])
    digits = match["digits"].replace(",", "")
    if len(digits) > 300:
        return None
    value = float(digits) if "." in digits else int(digits)
    if match["exponent"] or match["power"]:
        value = float(f"{digits}e{(match['exponent'] or match['power']).replace(chr(0x2212), '-')}")
    if match["below"]:
        value = value + int(match["above"]) / int(match["below"]) if match["above"] else value / int(match["below"])
    factor = 1000 if match["thousands"] else _VALUES[(match["scale"] or "a").lower()]
    if factor > 1:
        # Twelve digits: 8.2 times a million is 8200000, and not a little less.
        value = float(f"{value * factor:.12g}") if isinstance(value, float) else value * factor
        value = int(value) if math.isfinite(value) and value == int(value) else value
    if math.isinf(value):
        return None
    return -value if match["sign"] and match["sign"] != "+" else value


def _value_of_words(words: str, before: str, after: str) -> int | float | None:
    if words == "one" and (
        re.search(
            r"\b(?:this|that|which|the|an?|first|last|next|another|each|every|any|no|some|\w+er|\w+est)\s$", before
        )
        or re.match(r"-|\s(?:of|another)\b", after)
    ):
        return None
    total = current = 0.0
    for word in re.sub(r" and a half$", " +", words).replace("-", " ").replace(",", "").split():
        value = _VALUES.get(word, 0.0)
        if word == "+":
            current += 0.5
        elif word in {"hundred", "dozen"}:
            current = (current or 1) * value
        elif value >= 1000:
            total, current = total + (current or 1) * value, 0.0
        elif word in {"a", "an"}:
            current = current or 1.0
        else:
            current += value
    value = total + current
    return int(value) if value == int(value) else value
