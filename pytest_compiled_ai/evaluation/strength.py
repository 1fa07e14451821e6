"""Strength of a spec's tests: how many small changes of its body they notice. It informs, and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.evaluation.mutants import Mutant, make_mutants
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.gates.execution import Runner, Tests, judge_run

LIMIT = 40
"""Mutants of one body: enough to find what no test looks at, few enough to wait for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutant that every test passes; `line` counts in the artifact, `suggestion` is a test that would fail."""

    line: int
    mutant: Mutant
    suggestion: str = ""

    def __str__(self) -> str:
        said = f"line {self.line}: {self.mutant} and no test fails"
        return f"{said}; {self.suggestion}" if self.suggestion else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """How many of a body's mutants at least one test failed on, and those that none did."""

    killed: int
    total: int
    survivors: tuple[Survivor, ...] = ()

    @property
    def percent(self) -> float:
        """The share that was killed; all of none."""
        return 100 * self.killed / self.total if self.total else 100.0

    def __str__(self) -> str:
        return f"strength {self.killed} of {self.total} mutants killed ({int(self.percent)}%)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found of one spec: in which artifact its body is and how strong its tests are, or why none can tell."""

    id: str
    artifact: str
    strength: Strength | None = None
    problem: str = ""

    def reaches(self, percent: float) -> bool:
        """Tell whether the tests kill that share of the mutants; what was not measured does not reach any."""
        return self.strength is not None and self.strength.percent >= percent


def measure_strength(
    candidate: Candidate, subject: Subject, runner: Runner, *, limit: int | None = LIMIT, seed: int = 0
) -> Strength:
    """Return how many mutants of a body its tests kill; one that does not end, or does not answer, is killed.

    Args:
        candidate: a body that passes.
        subject: its spec, with the tests.
        runner: runs the tests; nothing of a mutant runs elsewhere.
        limit: how many mutants at most, all where it is None.
        seed: which of them.

    Raises:
        SpecError: the tests fail on the body as it is, so that a failure would say nothing of a mutant.
        HarnessError: the tests could not be run.
    """
    gate = Tests(runner)
    if not (verdict := gate.check(candidate, subject)).passed:
        raise SpecError(f"{subject.stub.id}: its strength says nothing while its body is wrong: {verdict.message}")
    mutants = make_mutants(candidate.function.rstrip() + "\n", candidate.owns, limit, seed)
    survivors = tuple(_find_survivors(mutants, gate, candidate, subject, runner))
    return Strength(killed=len(mutants) - len(survivors), total=len(mutants), survivors=survivors)


def _find_survivors(
    mutants: list[Mutant], gate: Tests, candidate: Candidate, subject: Subject, runner: Runner
) -> Iterator[Survivor]:
    for mutant in mutants:
        run = runner.run(put_in_place(candidate, mutant), subject, stop_after=1)
        if judge_run(gate, run, subject).passed:
            yield Survivor(line=candidate.first_line + mutant.line - 1, mutant=mutant)


def put_in_place(candidate: Candidate, mutant: Mutant) -> str:
    """Return the text of a candidate's whole artifact with a mutant of its function in the function's place."""
    lines, start = candidate.module.split("\n"), candidate.first_line - 1
    lines[start : start + candidate.function.rstrip().count("\n") + 1] = mutant.source.rstrip().split("\n")
    return "\n".join(lines)
