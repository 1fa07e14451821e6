"""The execution stage: the spec's own tests, by real pytest, in the jail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from pytest_compiled_ai.gates.base import Candidate, Gate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.sandbox.tests_run import TestResult, TestRun

_SHOWN = 3
_FEEDBACK = 1800
"""Characters of feedback: enough for three assertions, little enough for a small model to read."""


class Runner(Protocol):
    """Runs a spec's tests against the artifact of a given text; the sealed worker will be another one."""

    def run(self, module: str, subject: Subject, *, stop_after: int = 0, cover: bool = False) -> TestRun:
        """Run the tests of `subject`; stop after that many failures if it is not 0; measure coverage if asked."""
        ...


class Tests:
    """Runs every frozen test of the spec; each must run, and pass."""

    name = "tests"
    stage = Stage.EXECUTION
    __test__ = False

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Run the tests until a few have failed."""
        return judge_run(self, self._runner.run(candidate.module, subject, stop_after=5), subject)


def judge_run(gate: Gate, run: TestRun, subject: Subject) -> Verdict:
    """Return a verdict on a test run; it fails closed: what did not run did not pass."""
    passed = {result.id for result in run.results if result.outcome == "passed"}
    score = len(passed) / max(1, len(subject.tests))
    bad = [r for r in run.results if r.outcome != "passed" and r.id not in subject.skips]
    if run.status != "finished":
        detail = describe_failures(bad) or describe_last(run, subject)
        return failing(gate, f"the tests did not end: the candidate {run.reason}.", f"The code {run.reason}. {detail}", score)
    if bad:
        word = f"{len(bad)} of {len(subject.tests)} tests failed" if len(bad) > 1 else "a test failed"
        first = bad[0]
        return failing(gate, f"{word}: {_short(first.id)}: {_headline(first)}", describe_failures(bad), score)
    if absent := [test for test in subject.tests if test not in passed]:
        return failing(gate, f"{len(absent)} tests did not run, the first is {_short(absent[0])}.", score=score)
    return passing(gate, tests=str(len(passed)), tier=run.tier)


def describe_failures(failures: Iterable[TestResult]) -> str:
    """Return the first distinct failures, as the model is told them."""
    told: dict[str, str] = {}
    for failure in failures:
        told.setdefault(failure.detail.strip()[:200], f"{_short(failure.id)} fails:\n{failure.detail.strip()}")
    return "\n\n".join(list(told.values())[:_SHOWN])[:_FEEDBACK]


def describe_last(run: TestRun, subject: Subject) -> str:
    """Return which test was running when a run ended before its time."""
    done = {result.id for result in run.results}
    running = next((test for test in run.collected if test not in done and test in subject.tests), None)
    return f"It happened in {_short(running)}." if running else ""


def _short(test: str) -> str:
    return test.partition("::")[2] or test


def _headline(result: TestResult) -> str:
    lines = [line.strip() for line in result.detail.splitlines() if line.strip()]
    return lines[0][:160] if lines else result.outcome
