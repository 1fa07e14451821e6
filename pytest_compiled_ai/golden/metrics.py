"""How an answer is scored against its label: from 0 to 1."""

from __future__ import annotations

import dataclasses
import importlib
import math
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.evaluation.keys import key_of

Metric = Callable[[Any, Any], float]
_CLOSE: Final = 1e-6
"""Relative tolerance, and the absolute one beside a zero."""


def find_metric(name: str) -> Metric:
    """Return a metric by its name, or the function that `module:function` names.

    Raises:
        SpecError: there is none.
    """
    if name in METRICS:
        return METRICS[name]
    module, colon, function = name.partition(":")
    known = f'known are {", ".join(METRICS)}, or a function of your project as in "app.scores:overlap"'
    if not colon:
        raise SpecError(f"there is no metric {name!r}; {known}.")
    try:
        found = getattr(importlib.import_module(module), function)
    except Exception as error:
        raise SpecError(f"the metric {name!r} cannot be imported: {type(error).__name__}: {error}") from None
    if not callable(found):
        raise SpecError(f"the metric {name!r} is no function; {known}.")
    return _checked(name, found)


def apply(metric: Metric, answer: Any, expected: Any) -> float:
    """Return a score; an answer that cannot even be compared, as a signalling NaN, is worth nothing.

    Raises:
        SpecError: it is the project's own metric that failed.
    """
    try:
        return metric(answer, expected)
    except SpecError:
        raise
    except Exception:
        return 0.0


def score_exact(answer: Any, expected: Any) -> float:
    """Return 1 for an equal answer; a truth value is no number."""
    return float(bool(answer == expected) and isinstance(answer, bool) == isinstance(expected, bool))


def score_fields(answer: Any, expected: Any) -> float:
    """Return the share of the fields of both records that are equal; what is no record is compared as a whole."""
    one, other = fields_of(answer), fields_of(expected)
    if one is None or other is None:
        return score_exact(answer, expected)
    names = one.keys() | other.keys()
    right = sum(score_exact(one[name], other[name]) for name in one.keys() & other.keys())
    return right / len(names) if names else 1.0


def score_close(answer: Any, expected: Any) -> float:
    """Return 1 where each number is that of the label within a millionth, in lists and records too."""
    return float(_is_close(answer, expected))


def score_f1(answer: Any, expected: Any) -> float:
    """Return the harmonic mean of precision and recall over the items of two lists or sets, in any order."""
    kinds = (list, tuple, set, frozenset)
    if not (isinstance(answer, kinds) and isinstance(expected, kinds)):
        return score_exact(answer, expected)
    one, other = (Counter(key_of(_as_float(item)) for item in items) for items in (answer, expected))
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def score_text(answer: Any, expected: Any) -> float:
    """Return 1 for the same text, whatever its case and the length of its white space."""
    if isinstance(answer, str) and isinstance(expected, str):
        return float(answer.casefold().split() == expected.casefold().split())
    return score_exact(answer, expected)


METRICS: Final[Mapping[str, Metric]] = {
    "exact": score_exact,
    "fields": score_fields,
    "close": score_close,
    "f1": score_f1,
    "text": score_text,
}


def fields_of(value: Any) -> Mapping[Any, Any] | None:
    """Return the fields of a dict, a dataclass, a named tuple or a model; None where it is no record."""
    if isinstance(value, Mapping):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return dict(value._asdict())
    return dict(vars(value)) if hasattr(type(value), "model_fields") else None


def _as_float(item: Any) -> Any:
    # A body may write 1 where 1.0 is meant.
    return float(item) if type(item) is int and abs(item) < 1 << 53 else item


def _is_close(answer: Any, expected: Any) -> bool:
    numbers = (int, float, Decimal)
    if isinstance(answer, bool) or isinstance(expected, bool):
        return bool(score_exact(answer, expected))
    if isinstance(answer, numbers) and isinstance(expected, numbers):
        return _is_near(answer, expected)
    one, other = fields_of(answer), fields_of(expected)
    if one is not None and other is not None:
        return one.keys() == other.keys() and all(_is_close(one[name], other[name]) for name in one)
    if isinstance(answer, list | tuple) and isinstance(expected, list | tuple):
        return len(answer) == len(expected) and all(map(_is_close, answer, expected))
    return bool(score_exact(answer, expected))


def _is_near(answer: float | Decimal, expected: float | Decimal) -> bool:
    try:
        return answer == expected or math.isclose(answer, expected, rel_tol=_CLOSE, abs_tol=_CLOSE)
    except OverflowError:
        # No float is that large.
        return False


def _checked(name: str, metric: Callable[[Any, Any], Any]) -> Metric:
    def score(answer: Any, expected: Any) -> float:
        try:
            found = metric(answer, expected)
        except Exception as error:
            # Its text may hold a label.
            raise SpecError(f"the metric {name!r} raised {type(error).__name__} about an answer.") from None
        if not isinstance(found, int | float) or not 0 <= found <= 1:
            raise SpecError(f"the metric {name!r} gave no number from 0 to 1.")
        return float(found)

    return score
