"""Nothing of what a function is given goes into a log, a warning, an audit record or onto the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.sinks import find_said
from pytest_compiled_ai.policies.packs.sources import all_values
from pytest_compiled_ai.policies.packs.taint import Taint
from pytest_compiled_ai.policies.rules.finding import Finding

NAME = "values-in-logs"


def find_logged(
    candidate: Candidate, subject: Subject, rule: str, sources: Callable[[Reading], Taint], what: str
) -> Iterator[Finding]:
    """Yield the calls that say what `sources` looks for; `what` names it."""
    reading = read_body(candidate, subject)
    taint = sources(reading)
    for call, name, values in find_said(reading):
        if any(map(taint.carries, values)):
            told = f"`{name}` is given {what}"
            yield Finding(rule=rule, what=told, instead="say what happened in fixed words", line=call.lineno)


def _check(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    return find_logged(candidate, subject, NAME, all_values, "the value of a parameter")


VALUES_IN_LOGS = PackRule(
    name=NAME,
    explain="No value of a parameter, and nothing made of one, is logged, printed, warned of or put on record.",
    check=_check,
)
