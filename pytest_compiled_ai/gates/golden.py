"""The golden gate: a body's mean score on labelled examples, of which half are told to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.evaluation.interval import wilson
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing
from pytest_compiled_ai.gates.untold import RULES
from pytest_compiled_ai.golden.grading import Mark
from pytest_compiled_ai.golden.labels import Labels, read_labels
from pytest_compiled_ai.sandbox.suite.results import TestRun

_WORST: Final = 4
_ROUNDING: Final = 1e-9


class Examiner(Protocol):
    """Whatever has a body answer labelled examples, and marks the answers."""

    @property
    def is_sealed(self) -> bool:
        """Tell whether it can: whether the present spec's bodies run from outside."""
        ...

    def examine(self, module: str | None, labels: Labels) -> tuple[tuple[Mark, ...], ...]:
        """Return the marks of the visible and of the held-out rows; None for a module only tries rows and metric."""
        ...


class Golden:
    """Refuses a body whose mean score on the held-out examples is below the spec's threshold.

    Args:
        root: the project's folder.
        examiner: asks the body.
    """

    name = "golden"
    stage = Stage.ACCURACY

    def __init__(self, root: Path, examiner: Examiner) -> None:
        self._root, self._examiner = root, examiner

    def prepare(self, subject: Subject, run: TestRun) -> None:
        """See to it that the examples of a spec can be used, before a model is asked; nothing where it has none.

        Args:
            subject: the spec.
            run: that of its tests against a body that only raises.

        Raises:
            SpecError: they cannot be.
        """
        labels = read_labels(self._root, subject)
        if labels is None:
            return
        where = f"{subject.file.relative}:{subject.stub.line}"
        if not self._examiner.is_sealed:
            raise SpecError(
                f"{where}: golden examples are for sealed bodies, and that of {subject.stub.name} runs in the jail, "
                "beside its tests."
            )
        if reader := _find_reader(run, subject.stub.options.golden):
            raise SpecError(f"{where}: {reader}, which holds labels: they are there for no test of a compile.")
        if run.status == "finished":
            self._examiner.examine(None, labels)

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Ask the body for every example, and compare the mean score of those held out with the threshold."""
        labels = read_labels(self._root, subject)
        assert labels is not None
        visible, held = self._examiner.examine(candidate.module, labels)
        said = {"visible": describe_share(visible), "held_out": describe_share(held)}
        if mean(held) < labels.threshold - _ROUNDING:
            wanted = f"{labels.threshold:.1%} is wanted"
            message = f"scores {said['held_out']} on held-out examples, {wanted}; {said['visible']} on the others."
            feedback = f"{describe_worst(visible, labels.metric)}\nOn examples that are held out it {message}\n{RULES}"
            return failing(self, message, feedback, mean(visible), _faults(visible) or (RULES,))
        evidence = {**said, "metric": labels.metric, "threshold": f"{labels.threshold:g}"}
        return Verdict(gate=self.name, stage=self.stage, passed=True, score=1.0, evidence=evidence)


def _find_reader(run: TestRun, golden: Sequence[str]) -> str:
    """Return which test looks for which of the files, none of which is there, or ""."""
    said = [(result.id, result.detail) for result in run.results] + [("a test module", run.reason)]
    for test, detail in said:
        for path in golden:
            if "FileNotFoundError" in detail and Path(path).name in detail:
                return f"{test} reads {path}"
    return ""


def mean(marks: Sequence[Mark]) -> float:
    """Return the mean score; 0 of nothing."""
    return sum(mark.score for mark in marks) / max(1, len(marks))


def describe_share(marks: Sequence[Mark]) -> str:
    """Return the mean score, how many rows it is of, and how far it may be from that of all such rows."""
    low, high = wilson(sum(mark.score for mark in marks), len(marks))
    return f"{mean(marks):.1%} of {len(marks)} ({low:.1%} to {high:.1%})"


def describe_worst(visible: Sequence[Mark], metric: str) -> str:
    """Return what a model is told of the examples that it may see: the lowest scores, in their order."""
    wrong = _wrong(visible)
    if not wrong:
        return f"All {len(visible)} labelled examples that you may see are right."
    told = "\n".join(f"- {describe_mark(mark)}" for mark in wrong[:_WORST])
    return f"{len(wrong)} of {len(visible)} labelled examples are wrong (metric: {metric}), such as\n{told}"


def describe_mark(mark: Mark) -> str:
    """Return one answer that is not right."""
    partly = f" (score {mark.score:.2f})" if mark.score else ""
    return f"{mark.call} {mark.answer}, expected {mark.expected}{partly}"


def _faults(visible: Sequence[Mark]) -> tuple[str, ...]:
    return tuple(map(describe_mark, _wrong(visible)[:_WORST]))


def _wrong(marks: Sequence[Mark]) -> list[Mark]:
    return sorted((mark for mark in marks if mark.score < 1), key=lambda mark: mark.score)
