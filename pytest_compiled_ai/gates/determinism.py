"""The accuracy stage: the same answers in another process, whose strings hash differently."""

from __future__ import annotations

from typing import Protocol

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.execution import Runner, judge_run
from pytest_compiled_ai.gates.untold import tell_name
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.worker.transcript import read_answers

_ADVICE = "Do not rely on the order of a set, on hash(), id(), chance, the clock or earlier calls."


class SeededRunner(Runner, Protocol):
    """A runner that may have workers of a second hash seed."""

    @property
    def is_sealed(self) -> bool:
        """Tell whether it has."""
        ...


class Determinism:
    """Refuses a body whose answers depend on more than its arguments: on hash order, addresses, chance or the clock.

    Args:
        runner: runs the tests; what cannot be sealed is not compared, and the verdict says so.
        hash_seed: the second worker's.
    """

    name = "determinism"
    stage = Stage.ACCURACY

    def __init__(self, runner: SeededRunner, hash_seed: int) -> None:
        self._runner, self._hash_seed = runner, hash_seed

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Run the tests in workers of both seeds, and compare the answers to equal calls."""
        if not self._runner.is_sealed:
            return passing(self, compared="nothing: the body was not run from outside")
        first = self._runner.run(candidate.module, subject)
        second = self._runner.run(candidate.module, subject, hash_seed=self._hash_seed)
        for run in (first, second):
            if run.status != "finished":
                return judge_run(self, run, subject)
        if fickle := _find_fickle(first, second, subject):
            said = "it answers the same call in different ways, first in"
            told = f"{said} {tell_name(fickle, subject)}."
            return failing(self, f"{said} {fickle.partition('::')[2]}.", f"{told} {_ADVICE}", 0.5, (told, _ADVICE))
        verdict = judge_run(self, first, subject)
        return passing(self, compared=_describe(first, second)) if verdict.passed else verdict


def _find_fickle(first: TestRun, second: TestRun, subject: Subject) -> str:
    """Return the first test with another outcome, or with a call that was answered otherwise in any test, or ""."""
    outcomes = {result.id: result.outcome for result in second.results}
    results = sorted((*first.results, *second.results), key=lambda result: result.id in subject.held.names)
    answers = read_answers(result.transcript for result in results)
    fickle = {question for question, given in answers.items() if len(given) > 1}
    for result in results:
        if outcomes.get(result.id) != result.outcome or fickle & read_answers([result.transcript]).keys():
            return result.id
    return ""


def _describe(first: TestRun, second: TestRun) -> str:
    # What a test makes anew each time, as a temporary path, is asked once only: there is nothing to compare.
    before, after = (read_answers(result.transcript for result in run.results) for run in (first, second))
    return f"{len(before.keys() & after.keys())} calls of {len(first.results)} tests, with two hash seeds"
