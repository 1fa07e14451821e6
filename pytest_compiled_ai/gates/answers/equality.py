"""Whether two literals are equal, as a test would have it."""

from __future__ import annotations

import math
from decimal import Decimal

from pytest_compiled_ai.gates.answers.values import Made


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal as a test would have it; lists, tuples and sets of the same are."""
    return _plain(one) == _plain(other)


def _plain(value: object) -> object:
    """Return what tells a value from others, and from others alone."""
    match value:
        case bool() | str() | bytes() | None:
            return type(value).__name__, value
        case float() | Decimal():
            return ("number", float(f"{value:.9g}")) if math.isfinite(value) else ("number", str(value))
        case int():
            return "number", (float(f"{value:.9g}") if value.bit_length() < 30 else value)
        case list() | tuple() if not isinstance(value, Made):
            return "row", [_plain(item) for item in value]
        case set() | frozenset():
            return "row", sorted((_plain(item) for item in value), key=repr)
        case dict():
            return "map", sorted(([_plain(key), _plain(item)] for key, item in value.items()), key=repr)
        case Made():
            return value.name, [_plain(item) for item in value.given]
    return type(value).__name__, repr(value)
