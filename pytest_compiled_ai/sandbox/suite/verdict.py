"""What came of a jailed run of tests, read from how the child ended and what it said."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable, Iterator
from typing import Final, cast

from pytest_compiled_ai.sandbox.jail.job import Outcome
from pytest_compiled_ai.sandbox.jail.streams import Record
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.kernel.limits import MIB, Limits
from pytest_compiled_ai.sandbox.suite.detail import shortened
from pytest_compiled_ai.sandbox.suite.results import FileCoverage, Status, TestOutcome, TestResult, TestRun

_WORST_LAST: Final = ("passed", "xpassed", "xfailed", "skipped", "failed", "error")
_CRASHES: Final = {"SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"}
_ERROR: Final = re.compile(r"^ERROR: (?!usage)|: error: |^(INTERNALERROR> )?(E +)?[\w.]*(Error|Exception)\b")
_INTERNAL_ERROR, _USAGE_ERROR = 3, 4


def read_outcome(outcome: Outcome, *, limits: Limits, stop_after: int, tier: Tier) -> TestRun:
    """Return what the outcome means. `stop_after` is the number of failures that end a run, 0 for none."""
    records = outcome.records
    collected = tuple(_collected(records))
    results = tuple(_results(records))
    status, reason = _by_ending(outcome) or _by_records(outcome, collected, results, stop_after)
    running = _running(records) if status != "finished" else None
    if _lacked_memory(outcome, results):
        reason = f"used more than {limits.memory // MIB} MiB"
    return TestRun(
        status=status,
        reason=f"{reason} in {running}" if running else reason,
        collected=collected,
        results=results,
        running=running,
        seconds=outcome.seconds,
        output=outcome.output,
        coverage=_coverage(records),
        tier=tier,
    )


def _by_ending(outcome: Outcome) -> tuple[Status, str] | None:
    if outcome.ending != "exited":
        return outcome.ending, outcome.reason
    if outcome.returncode >= 0:
        return None
    name = _signal_name(-outcome.returncode)
    if name == "SIGSYS":
        return "killed", "made a forbidden system call (SIGSYS)"
    return ("crashed", f"crashed with {name}") if name in _CRASHES else ("killed", f"killed itself with {name}")


def _by_records(
    outcome: Outcome, collected: tuple[str, ...], results: tuple[TestResult, ...], stop_after: int
) -> tuple[Status, str]:
    for record in outcome.records:
        if record["event"] == "collect-error":
            return "collection", f"{record.get('path', '')}: {_headline(str(record.get('detail', '')))}"
    reported = [record.get("exitstatus") for record in outcome.records if record["event"] == "finished"]
    if outcome.returncode == _USAGE_ERROR and not collected:
        return "collection", _headline(outcome.output)
    if outcome.returncode == _INTERNAL_ERROR:
        return "crashed", f"broke pytest: {_headline(outcome.output)}"
    if not reported:
        return "crashed", f"left before its tests were finished (exit status {outcome.returncode})"
    if not collected:
        return "collection", "none of the selected tests was found"
    missing = len(set(collected) - {result.id for result in results})
    failures = sum(result.outcome in {"failed", "error"} for result in results)
    if missing and not 0 < stop_after <= failures:
        return "crashed", f"left {missing} of {len(collected)} tests without a result"
    return "finished", ""


def _collected(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        match record:
            case {"event": "collected", "ids": [*ids]}:
                yield from (str(name) for name in ids)
                return


def _results(records: Iterable[Record]) -> Iterable[TestResult]:
    # A test has one result; where a candidate has added one of its own, the worse counts.
    found: dict[str, TestResult] = {}
    for result in filter(None, map(_result, records)):
        known = found.setdefault(result.id, result)
        if _WORST_LAST.index(result.outcome) > _WORST_LAST.index(known.outcome):
            found[result.id] = result
    return found.values()


def _result(record: Record) -> TestResult | None:
    match record:
        case {
            "event": "result", "id": str(name), "outcome": str(outcome), "phase": str(phase), "detail": str(detail),
            "kind": str(kind),
        } if outcome in _WORST_LAST:  # fmt: skip
            outcome = cast(TestOutcome, outcome)
            transcript = str(record.get("transcript", ""))
            return TestResult(
                id=name, outcome=outcome, phase=phase, detail=shortened(detail), kind=kind, transcript=transcript
            )
    return None


def _running(records: Iterable[Record]) -> str | None:
    running = None
    for record in records:
        if record["event"] == "start":
            running = str(record.get("id"))
        elif record["event"] == "result":
            running = None
    return running


def _lacked_memory(outcome: Outcome, results: Iterable[TestResult]) -> bool:
    unexplained = outcome.ending == "exited" and not any(record["event"] == "finished" for record in outcome.records)
    return any(result.kind == "MemoryError" for result in results) or (unexplained and "MemoryError" in outcome.output)


def _coverage(records: Iterable[Record]) -> FileCoverage | None:
    for record in records:
        match record:
            case {"event": "coverage", "executed": [*executed], "missing": [*missing], "missing_branches": [*branches]}:
                return FileCoverage(
                    executed=tuple(line for line in executed if isinstance(line, int)),
                    missing=tuple(line for line in missing if isinstance(line, int)),
                    missing_branches=tuple(filter(None, map(_branch, branches))),
                )
    return None


def _branch(pair: object) -> tuple[int, int] | None:
    match pair:
        case [int(start), int(end)]:
            return start, end
    return None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _headline(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [line for line in lines if _ERROR.search(line)]
    return (named or lines or ["pytest said nothing"])[-1]
