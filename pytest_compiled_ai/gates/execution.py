"""The execution stage: the spec's own tests, by real pytest, from outside where the body can be sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from pytest_compiled_ai.gates.base import Candidate, Gate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.sandbox.oracle.unanswered import Hostile
from pytest_compiled_ai.sandbox.suite.results import TestResult, TestRun

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_NOT_RAISED = "Failed: DID NOT RAISE "
_RAISED = "UNEXPECTED EXCEPTION: "
_QUOTED = re.compile(r"""^UnknownError\((["'])(.*)\1\)$""")
_UNANSWERED = re.compile(
    r"""^(?:UNEXPECTED EXCEPTION: )?(?:Hostile|BodyDied|ResultRefused)(?:: |\(["'])(.*?)(?:["']\))?$"""
)
_PLACE = re.compile(r"[^\s:]+::")
_PURE = "Compute the answer from the arguments alone: no file, no process, no network."
_SHOWN = 3
_FAILURES = 10
"""Failures after which a run ends: enough to rank candidates by, few enough to be quick."""
_FEEDBACK = 1800
"""Characters of feedback: enough for three assertions, little enough for a small model to read."""


class Runner(Protocol):
    """Runs a spec's tests against the artifact of a given text."""

    def run(
        self, module: str, subject: Subject, *, stop_after: int = 0, cover: bool = False, hash_seed: int = 0
    ) -> TestRun:
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
        return judge_run(self, self._runner.run(candidate.module, subject, stop_after=_FAILURES), subject)


def judge_run(gate: Gate, run: TestRun, subject: Subject) -> Verdict:
    """Return a verdict on a test run; it fails closed: what did not run did not pass."""
    passed = {result.id for result in run.results if result.outcome == "passed"}
    score = len(passed) / max(1, len(subject.tests))
    bad = [r for r in run.results if r.outcome != "passed" and r.id not in subject.skips]
    if hostility := _find_hostility(run):
        return failing(gate, f"the body is hostile: {hostility}.", f"The code was killed: {hostility}. {_PURE}")
    if run.status != "finished":
        feedback = f"The code {_PLACE.sub('', run.reason)}. {describe_failures(bad)}"
        return failing(gate, f"the tests did not end: the candidate {run.reason}.", feedback, score)
    if bad:
        count = (
            f"{len(bad)}{'' if len(run.results) >= len(subject.tests) else ' or more'} of {len(subject.tests)} tests"
        )
        word = f"{count} failed" if len(bad) > 1 else "a test failed"
        first = bad[0]
        message = f"{word}: {_short(first.id)}: {_headline(first)}"
        faults = tuple(dict.fromkeys(map(_fault, bad)))
        return failing(gate, message, describe_failures(bad), score, faults)
    if absent := [test for test in subject.tests if test not in passed]:
        return failing(gate, f"{len(absent)} tests did not run, the first is {_short(absent[0])}.", score=score)
    if run.tier.sealed and not run.calls.get(subject.stub.name):
        return failing(gate, f"no passing test called {subject.stub.name}.", score=score)
    return passing(gate, tests=str(len(passed)), tier=str(run.tier))


def describe_failures(failures: Iterable[TestResult]) -> str:
    """Return the first distinct failures, as the model is told them."""
    told: dict[str, str] = {}
    for failure in failures:
        # Addresses differ from run to run; a prompt must not.
        detail = _ADDRESS.sub("", failure.detail.strip())
        told.setdefault(detail[:200], f"{_short(failure.id)} fails:\n{detail}")
    return "\n\n".join(list(told.values())[:_SHOWN])[:_FEEDBACK]


def _find_hostility(run: TestRun) -> str:
    """Return what the kernel killed the body for, or ""."""
    if "(SIGSYS)" in run.reason:
        return f"it {run.reason}"
    return next((_headline(result) for result in run.results if result.kind == Hostile.__name__), "")


def _short(test: str) -> str:
    return test.partition("::")[2] or test


def _headline(result: TestResult) -> str:
    lines = _lines(result)
    if "Got:" in lines:
        got = lines[lines.index("Got:") + 1 :][:1]
        lines = [f"{lines[0].removeprefix('>>> ')} gave {' '.join(got)}"]
    elif unanswered := next(filter(None, map(_UNANSWERED.match, lines)), None):
        lines = [unanswered[1]]
    elif raised := next((line for line in lines if line.startswith(_RAISED)), None):
        error = _QUOTED.sub(r"\2", raised.removeprefix(_RAISED))
        lines = [f"{lines[0].removeprefix('>>> ')} raised {error}"]
    said = [] if result.outcome in {"failed", "error"} and lines else [result.outcome]
    return ": ".join([*said, *lines[:1]])[:160]


def _fault(result: TestResult) -> str:
    """Return the headline with what makes sense of it: the value wanted, the call, the row of the test."""
    lines, headline = _lines(result), _headline(result)
    row = [line for line in lines if line.startswith("with: ")][:1]
    if headline.startswith(_NOT_RAISED):
        return " ".join([f"must raise {headline.removeprefix(_NOT_RAISED)}", *row])
    said = [headline]
    if "Expected:" in lines:
        said += [f"not {line}" for line in lines[lines.index("Expected:") + 1 :][:1]]
    said += [line.removeprefix("+").strip() for line in lines if line.startswith("+  where")][:1]
    return ", ".join([*said, *row])


def _lines(result: TestResult) -> list[str]:
    return [line.strip() for line in _ADDRESS.sub("", result.detail).splitlines() if line.strip()]
