"""The last word on a chosen body: the very bytes of the artifact, under coverage, with all of its tests."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing
from pytest_compiled_ai.gates.execution import Runner, judge_run
from pytest_compiled_ai.sandbox.suite.results import FileCoverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the tests executed of one body: line and branch counts, and the lines that no test reached."""

    lines: int
    executed: int
    unreached: tuple[int, ...]
    branches: int

    def __str__(self) -> str:
        """Return it for a report line."""
        text = f"{self.executed}/{self.lines} lines"
        return f"{text}, {self.branches} branches not taken" if self.branches else text


class Confirm:
    """Runs every test once more, as the project's own pytest will, and sees to it that the body was really run."""

    name = "confirm"
    stage = Stage.ACCURACY

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Return the verdict; its evidence holds the coverage of the body."""
        run = self._runner.run(candidate.module, subject, cover=True)
        verdict = judge_run(self, run, subject)
        if not verdict.passed:
            return verdict
        coverage = measure_body(run.coverage, candidate) if run.coverage else None
        if coverage is None or not coverage.executed:
            return failing(self, "no passing test ran a line of the body.", "The tests never reached the body.")
        unreached = ", ".join(map(str, coverage.unreached))
        evidence = {
            "coverage": str(coverage),
            "unreached": unreached,
            "tier": str(run.tier),
            "tests": str(len(run.results)),
        }
        return Verdict(gate=self.name, stage=self.stage, passed=True, score=1.0, evidence=evidence)


def measure_body(found: FileCoverage, candidate: Candidate) -> Coverage:
    """Return the coverage of a candidate's own lines; `unreached` counts from the function's first line."""
    above = candidate.first_line - 1
    executed = [line for line in found.executed if candidate.owns(line - above)]
    missing = [line for line in found.missing if candidate.owns(line - above)]
    branches = sum(candidate.owns(start - above) for start, _ in found.missing_branches)
    return Coverage(
        lines=len(executed) + len(missing),
        executed=len(executed),
        unreached=tuple(line - above for line in missing),
        branches=branches,
    )
