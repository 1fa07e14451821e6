"""What a model may hear of a test that is held out: that it fails, and of which kind the failure is."""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence

from pytest_compiled_ai.gates.base import Subject, name_example
from pytest_compiled_ai.sandbox.suite.results import TestResult

HELD_OUT = "a held-out test"
RULES = "Follow the rules of the docstring for any arguments; the tests that you know are not all."
_RAISED = re.compile(r"^UNEXPECTED EXCEPTION: (\w+)", re.MULTILINE)
_BUILT_IN = {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}
_KINDS = frozenset({"BodyDied", "DocTestFailure", "Failed", "Hostile", "ResultRefused", *_BUILT_IN})
"""Kinds that may be named. A body makes up the others, and could call them after what it was given."""


def is_held(result: TestResult, subject: Subject) -> bool:
    """Tell whether a failure is that of a held-out test, or of an example of which that cannot be ruled out."""
    names = subject.held.names
    if result.id in names:
        return True
    first, *_ = [*result.detail.strip().splitlines(), ""]
    is_told = first.startswith(">>> ") and name_example(result.id, first) not in names
    return any(name.startswith(f"{result.id} >>> ") for name in names) and not is_told


def tell_kind(result: TestResult) -> str:
    """Return all that is told of a held-out test's failure."""
    raised = _RAISED.search(result.detail)
    kind = raised[1] if raised else result.kind
    return f"{HELD_OUT} fails: {kind if kind in _KINDS else 'an exception'}"


def shown_first(results: Sequence[TestResult], subject: Subject) -> list[TestResult]:
    """Return failures with the held-out ones behind the others."""
    return sorted(results, key=lambda result: is_held(result, subject))


def tell_name(test: str, subject: Subject) -> str:
    """Return a test's name for a model: without the path, and none where it is held out."""
    return HELD_OUT if test in subject.held.names else test.partition("::")[2] or test


def tell_reason(reason: str, running: str | None, subject: Subject) -> str:
    """Return why a run did not end, for a model: what stands behind a colon may be of any test."""
    where = f" in {running}" if running else ""
    cause = reason.removesuffix(where)
    cause = cause.partition(":")[0] if subject.held.names else cause
    return f"{cause} in {tell_name(running, subject)}" if running else cause
