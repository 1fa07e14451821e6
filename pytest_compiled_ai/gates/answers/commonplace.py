"""What may stand in any body: base cases, conventional words, and what the spec's own prose names."""

from __future__ import annotations

import calendar
import math
import re
from decimal import Decimal
from typing import Any

from pytest_compiled_ai.gates.answers.values import Made

_WORDS = """
true false yes no on off none null nil nan inf infinity zero one utf-8 utf8 ascii latin-1 am pm utc gmt and or not
"""
CONVENTIONAL = frozenset(_WORDS.split()).union(
    *((name.casefold(), name[:3].casefold()) for name in (*calendar.month_name, *calendar.day_name))
)
_WORD = re.compile(r"[^\W\d]+(?:[-_][^\W\d]+)*")
_SMALL = 10


def is_trivial(value: Any) -> bool:
    """Tell whether a value may be a base case: empty, a small whole number, a character, all the same of these.

    So may be an object that is made of zeros alone, such as `timedelta(0)`.
    """
    if value is None or value is ... or isinstance(value, bool):
        return True
    if isinstance(value, int | float | Decimal):
        return math.isfinite(value) and -_SMALL <= value <= _SMALL and value == int(value)
    if isinstance(value, str | bytes):
        return _is_trivial_text(value if isinstance(value, str) else value.decode("latin-1"))
    if isinstance(value, Made):
        return all(item == 0 for item in value.given)
    if isinstance(value, list | tuple | set | frozenset):
        return _is_trivial_row(list(value))
    return isinstance(value, dict) and not value


def is_tiny(value: Any) -> bool:
    """Tell whether a value is one of those that nearly every function treats apart: 0, 1, 2, -1, or no number."""
    return not isinstance(value, int | float) or -1 <= value <= 2


def is_conventional(value: object) -> bool:
    """Tell whether a text is a word that needs no spec to mean something."""
    return isinstance(value, str) and value.strip().casefold() in CONVENTIONAL


def is_word(value: object) -> bool:
    """Tell whether a value is one word, as the names of kinds, units and options are."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def is_peculiar(value: object) -> bool:
    """Tell whether no honest body has a reason to compare an argument with a value: a long text, or a filled list."""
    if isinstance(value, str | bytes):
        return len(value) > 3 and not is_word(value) and not is_trivial(value)
    return isinstance(value, list | tuple | set | frozenset | dict) and not is_trivial(value)


def is_label(value: object, arguments: tuple[object, ...]) -> bool:
    """Tell whether a text names a kind of argument, rather than being made from its characters."""
    if not isinstance(value, str) or re.search(r"\d", value):
        return False
    given = set("".join(str(argument) for argument in arguments).casefold())
    return not set(re.findall(r"\w", value.casefold())) <= given


def is_named(value: object, prose: str) -> bool:
    """Tell whether the spec's own words hold a value: as a word, a number, or as it would be written in Python.

    A list is never a rule: where it stands in prose, it is an example.
    """
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, str):
        shown = re.escape(value.strip().casefold())
        return bool(shown) and re.search(rf"(?<!\w){shown}(?!\w)", prose.casefold()) is not None
    if isinstance(value, int | float | Decimal):
        numbers = re.findall(r"(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?!\w)", prose)
        return any(float(number.replace("_", "")) == value for number in numbers)
    if isinstance(value, list | set | frozenset | dict):
        return False
    return re.sub(r"\s", "", repr(value)) in re.sub(r"\s", "", prose)


def _is_trivial_text(text: str) -> bool:
    stripped = text.strip()
    if len(stripped) <= 1 or (len(stripped) <= 2 and not re.search(r"\w", stripped)):
        return True
    if not re.search(r"[^\W0]", stripped):
        return True
    return re.fullmatch(r"[-+]?\d{1,2}", stripped) is not None and abs(int(stripped)) <= _SMALL


def _is_trivial_row(row: list[object]) -> bool:
    if not all(is_trivial(item) for item in row):
        return False
    return len(row) <= 1 or (all(item == row[0] for item in row) and is_tiny(row[0]))
