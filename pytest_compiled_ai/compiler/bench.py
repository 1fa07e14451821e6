"""The seam to whatever judges the candidates of a spec: a workshop in this process, or one elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer
from pytest_compiled_ai.gates.base import Candidate, Subject, Verdict
from pytest_compiled_ai.gates.types import TypeFault
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.specs.model import SpecFile


class Bench(Protocol):
    """Judges the candidates of one spec at a time, from `begin` to `restore`."""

    def begin(self, subject: Subject, raising: Candidate) -> TestRun:
        """Return the first run of a spec's tests, against a body that only raises; its tier is chosen by it."""
        ...

    def errors_of(self, module: str, subject: Subject) -> list[TypeFault]:
        """Return mypy's errors in an artifact of that text."""
        ...

    def try_out(self, candidate: Candidate, subject: Subject, started: Callable[[str], None]) -> tuple[Verdict, ...]:
        """Return the verdicts of all gates but the last, up to the first that says no."""
        ...

    def ask_last(self, candidate: Candidate, subject: Subject, started: Callable[[str], None]) -> tuple[Verdict, ...]:
        """Return the verdict of the last gate."""
        ...

    def answer(self, module: str, inputs: Sequence[Input]) -> tuple[Answer, ...]:
        """Return what an artifact's function answers; nothing where it cannot be called from outside."""
        ...

    def restore(self, root: Path, file: SpecFile) -> None:
        """End what ran for a spec, and put its artifact as the project has it in the place of the last candidate."""
        ...
