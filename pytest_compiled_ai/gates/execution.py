"""The execution stage: the spec's own tests, by real pytest, from outside where the body can be sealed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from pytest_compiled_ai.gates.base import Candidate, Gate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.untold import HELD_OUT, RULES, is_held, shown_first, tell_kind, tell_name, tell_reason
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

    def run(self, module: str, subject: Subject, *, stop_after: int = 0, cover: bool = False) -> TestRun:
        """Run the tests of `subject`; stop after that many failures if it is not 0; measure coverage if asked."""
        ...


@runtime_checkable
class Starter(Protocol):
    """A runner that can begin a run before it is asked for it."""

    def start(self, module: str, subject: Subject, *, stop_after: int = 0) -> None:
        """Begin what `run` will be asked for, and return at once."""
        ...

    def abandon(self) -> None:
        """End what is still on: nobody will ask for it."""
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

    def begin(self, candidate: Candidate, subject: Subject) -> None:
        """Begin to run them, where that can be done from outside of the body."""
        if isinstance(self._runner, Starter):
            self._runner.start(candidate.module, subject, stop_after=_FAILURES)

    def abandon(self) -> None:
        """End what is still on."""
        if isinstance(self._runner, Starter):
            self._runner.abandon()


def judge_run(gate: Gate, run: TestRun, subject: Subject) -> Verdict:
    """Return a verdict on a test run; it fails closed: what did not run did not pass.

    Its message may name a held-out test; its feedback and its faults say no more of it than how it failed.
    """
    passed = {result.id for result in run.results if result.outcome == "passed"}
    score = len(passed) / max(1, len(subject.tests))
    bad = shown_first([r for r in run.results if r.outcome != "passed" and r.id not in subject.skips], subject)
    if hostility := _find_hostility(run, subject):
        said, told = hostility
        killed = f"The code was killed: {told}."
        return failing(gate, f"the body is hostile: {said}.", f"{killed} {_PURE}", faults=(killed,))
    if run.status != "finished":
        told = _PLACE.sub("", tell_reason(run.reason, run.running, subject))
        feedback = f"The code {told}. {describe_failures(bad, subject)}"
        message = f"the tests did not end: the candidate {run.reason}."
        return failing(gate, message, feedback, score, faults=(f"the code {told}",))
    if bad:
        count = (
            f"{len(bad)}{'' if len(run.results) >= len(subject.tests) else ' or more'} of {len(subject.tests)} tests"
        )
        first = bad[0]
        word = f"{count} failed" if len(bad) > 1 else f"{HELD_OUT if is_held(first, subject) else 'a test'} failed"
        message = f"{word}: {_short(first.id)}: {_headline(first)}"
        faults = tuple(dict.fromkeys(tell_kind(r) if is_held(r, subject) else _fault(r) for r in bad))
        return failing(gate, message, describe_failures(bad, subject), score, faults)
    if absent := [test for test in subject.tests if test not in passed]:
        said = f"{len(absent)} tests did not run, the first is"
        told = f"{said} {tell_name(absent[0], subject)}."
        return failing(gate, f"{said} {_short(absent[0])}.", told, score, (told,))
    if run.tier.sealed and not run.calls.get(subject.stub.name):
        return failing(gate, f"no passing test called {subject.stub.name}.", score=score)
    return passing(gate, tests=str(len(passed)), tier=str(run.tier))


def describe_failures(failures: Sequence[TestResult], subject: Subject) -> str:
    """Return the first distinct failures, as the model is told them: of what is held out, only how it failed."""
    told: dict[str, str] = {}
    for failure in failures:
        if is_held(failure, subject):
            told[tell_kind(failure)] = f"{tell_kind(failure)}. {RULES}"
            continue
        # Addresses differ from run to run; a prompt must not.
        detail = _ADDRESS.sub("", failure.detail.strip())
        told.setdefault(detail[:200], f"{_short(failure.id)} fails:\n{detail}")
    return "\n\n".join(list(told.values())[:_SHOWN])[:_FEEDBACK]


def _find_hostility(run: TestRun, subject: Subject) -> tuple[str, str] | None:
    """Return what the kernel killed the body for, to people and to the model, or None."""
    if "(SIGSYS)" in run.reason:
        return f"it {run.reason}", f"it {tell_reason(run.reason, run.running, subject)}"
    killed = shown_first([result for result in run.results if result.kind == Hostile.__name__], subject)
    if not killed:
        return None
    said = _headline(killed[0])
    return said, tell_kind(killed[0]) if is_held(killed[0], subject) else said


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
