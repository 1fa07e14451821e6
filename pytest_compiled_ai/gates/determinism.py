"""The accuracy stage: the same answers in another process, whose strings hash differently."""

from __future__ import annotations

from typing import Protocol

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.execution import Runner, judge_run
from pytest_compiled_ai.gates.untold import tell_name
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.worker.transcript import read_answers

_ADVICE = "Do not rely on the order of a set, on hash(), id(), chance, the clock or earlier calls."


class TwinRunner(Runner, Protocol):
    """A runner that may ask two workers the same, whose strings hash differently."""

    @property
    def is_sealed(self) -> bool:
        """Tell whether it does."""
        ...


class Determinism:
    """Refuses a body whose answers depend on more than its arguments: on hash order, addresses, chance or the clock.

    Args:
        runner: runs the tests; what cannot be sealed is not compared, and the verdict says so.
    """

    name = "determinism"
    stage = Stage.ACCURACY

    def __init__(self, runner: TwinRunner) -> None:
        self._runner = runner

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Run the tests, and compare the answers to equal calls: those of both workers, and those to other tests."""
        if not self._runner.is_sealed:
            return passing(self, compared="nothing: the body was not run from outside")
        run = self._runner.run(candidate.module, subject)
        if run.status == "finished" and (fickle := _find_fickle(run, subject)):
            said = "it answers the same call in different ways, first in"
            told = f"{said} {tell_name(fickle, subject)}."
            return failing(self, f"{said} {fickle.partition('::')[2]}.", f"{told} {_ADVICE}", 0.5, (told, _ADVICE))
        verdict = judge_run(self, run, subject)
        return passing(self, compared=_describe(run)) if verdict.passed else verdict


def _find_fickle(run: TestRun, subject: Subject) -> str:
    """Return the first test with a call that was answered otherwise, in any test, or ""."""
    results = sorted(run.results, key=lambda result: result.id in subject.held.names)
    answers = read_answers(result.transcript for result in results)
    fickle = {question for question, given in answers.items() if len(given) > 1}
    asked = (result.id for result in results if fickle & read_answers([result.transcript]).keys())
    return next(asked, "")


def _describe(run: TestRun) -> str:
    answers = read_answers(result.transcript for result in run.results)
    return f"{len(answers)} calls of {len(run.results)} tests, with two hash seeds"
