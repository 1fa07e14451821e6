"""Several specs' runners in one process, each warm until its spec is done, or others need the room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from pytest_compiled_ai.compiler.tiers import TieredRunner
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.golden.grading import Mark
from pytest_compiled_ai.golden.labels import Labels
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES, Classes
from pytest_compiled_ai.sandbox.suite.results import TestRun

WARM: Final = 8
"""Specs whose oracle and zygote are kept: about 60 MB each. One more costs one of them a new start."""


class Runners:
    """Runs the tests of the spec that it was turned to last, as a `TieredRunner` does.

    Args:
        make: makes the runner of one spec.
        warm: how many of them stay at a time.
    """

    def __init__(self, make: Callable[[], TieredRunner], warm: int = WARM) -> None:
        self._make, self._warm = make, warm
        self._begun: dict[str, tuple[Subject, Candidate]] = {}
        self._runners: OrderedDict[str, TieredRunner] = OrderedDict()
        self._spec = ""

    def turn_to(self, spec: str) -> None:
        """Let all that follows be about one spec."""
        self._spec = spec

    def begin(self, subject: Subject, raising: Candidate) -> TestRun:
        """Choose the tier of the spec, and return the run of its tests against a body that only raises.

        Raises:
            SpecError: the spec, or the project, asks for the sealed tier and cannot have it; or its imports fail.
        """
        self._begun[self._spec] = subject, raising
        return self._open().begin(subject, raising)

    def run(self, module: str, subject: Subject, *, stop_after: int = 0, cover: bool = False) -> TestRun:
        """Run the subject's tests in the tier that was chosen; `cover` measures coverage, and needs the jail.

        Raises:
            SpecError: a test hands over what no sealed worker can be sent.
        """
        return self._current().run(module, subject, stop_after=stop_after, cover=cover)

    def start(self, module: str, subject: Subject, *, stop_after: int = 0) -> None:
        """Begin a run that will be asked for, and return at once."""
        self._current().start(module, subject, stop_after=stop_after)

    def abandon(self) -> None:
        """End the runs that are on, and forget them."""
        self._current().abandon()

    def answer(
        self, module: str, inputs: Sequence[Input], *, hash_seed: int = 0, classes: Classes = NO_CLASSES
    ) -> tuple[Answer, ...]:
        """Return what an artifact's function answers to inputs; nothing where the spec is jailed."""
        return self._current().answer(module, inputs, hash_seed=hash_seed, classes=classes)

    def examine(self, module: str | None, labels: Labels) -> tuple[tuple[Mark, ...], ...]:
        """Return the marks of a sealed artifact's function on labelled examples; without an artifact only try them.

        Raises:
            SpecError: they do not fit the function, or cannot be scored.
        """
        return self._current().examine(module, labels)

    @property
    def is_sealed(self) -> bool:
        """Tell whether the spec's tests run from outside."""
        return self._current().is_sealed

    def end(self) -> None:
        """End what was started for the spec; may be called twice."""
        self._begun.pop(self._spec, None)
        if runner := self._runners.pop(self._spec, None):
            runner.end()

    def end_all(self) -> None:
        """End what was started for every spec."""
        for spec in list(self._runners):
            self.turn_to(spec)
            self.end()

    def _open(self) -> TieredRunner:
        if self._spec not in self._runners:
            while len(self._runners) >= self._warm:
                _, oldest = self._runners.popitem(last=False)
                oldest.end()
            self._runners[self._spec] = self._make()
        self._runners.move_to_end(self._spec)
        return self._runners[self._spec]

    def _current(self) -> TieredRunner:
        is_cold = self._spec not in self._runners and self._spec in self._begun
        runner = self._open()
        if is_cold:
            runner.begin(*self._begun[self._spec])
        return runner
