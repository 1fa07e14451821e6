"""What tells the results of two bodies apart: values and their types, and no more than a test would see."""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict, deque
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_DIGITS = 9


def key_of(value: Any) -> str:
    """Return a hash that is the same for values that a person would call equal.

    They have the same types all through; floats differ from the ninth digit on, dicts and sets in their order.
    """
    return hashlib.sha256(_spell(value).encode(errors="surrogatepass")).hexdigest()[:24]


def _spell(value: Any) -> str:
    name = type(value).__name__
    match value:
        case bool() | None:
            return repr(value)
        case int():
            return hex(value)
        case float():
            return f"{name} {_round(value)}"
        case complex():
            return f"{name} {_round(value.real)} {_round(value.imag)}"
        case Decimal():
            return f"{name} {_strip(value)}"
        case datetime() | date() | time():
            return f"{name} {value.isoformat()}"
        case list() | tuple() | deque():
            return f"{name} [{','.join(map(_spell, value))}]"
        case set() | frozenset():
            return f"{name} [{','.join(sorted(map(_spell, value)))}]"
        case dict():
            pairs = [f"{_spell(key)}:{_spell(item)}" for key, item in value.items()]
            return f"{name} [{','.join(pairs if isinstance(value, OrderedDict) else sorted(pairs))}]"
    return f"{name} {value!r}"


def _round(value: float) -> str:
    # The sum makes -0.0 a plain zero.
    return f"{value:.{_DIGITS}g}" if not math.isfinite(value) else f"{float(f'{value:.{_DIGITS}g}') + 0.0!r}"


def _strip(value: Decimal) -> str:
    """Return a decimal without the zeros at its end, whatever its exponent: it is not computed with."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return str(value)
    text = "".join(map(str, digits)).lstrip("0")
    bare = text.rstrip("0")
    return f"{sign}:{bare}e{exponent + len(text) - len(bare)}" if bare else "0"
