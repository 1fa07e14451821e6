"""What a run found, as data; every sink draws from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from pytest_compiled_ai.gates.base import Verdict
from pytest_compiled_ai.specs.model import State

Outcome = Literal["fresh", "compiled", "staged", "restamped", "verified", "adopted", "kept", "failed", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecResult:
    """What became of one spec.

    `attempts` counts all questions, `replayed` those that an earlier run paid for; tokens and cost are what this run
    paid. `message` is one line, for what needs a person; `notes` are lines that inform; `verdicts` are those on the
    body that was approved or verified.
    """

    id: str
    before: State
    outcome: Outcome
    attempts: int = 0
    replayed: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    tier: str = ""
    message: str = ""
    notes: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One compile run. `problems` are spec files that could not be read, one line each."""

    results: tuple[SpecResult, ...]
    problems: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Return whether something that should have been compiled was not."""
        return bool(self.problems) or any(r.outcome in {"failed", "interrupted"} for r in self.results)


class Watcher(Protocol):
    """Is told what happens while it happens; draws, and never decides."""

    def run_started(self, where: str, model: str, todo: int, fresh: int, seconds: float) -> None:
        """Note that prompts go to `where`, and that `todo` specs need about `seconds` of work."""
        ...

    def waiting(self, reason: str) -> None:
        """Note that nothing can go on until something else ends."""
        ...

    def spec_started(self, spec: str, number: int, total: int) -> None:
        """Note that work on a spec begins."""
        ...

    def attempt_started(self, number: int, of: int, kind: str) -> None:
        """Note that a question goes out."""
        ...

    def token_came(self, text: str) -> None:
        """Take a piece of a reply."""
        ...

    def gate_started(self, name: str) -> None:
        """Note that a check begins."""
        ...

    def attempt_failed(self, number: int, reason: str) -> None:
        """Note that an attempt was refused."""
        ...

    def spec_ended(self, result: SpecResult) -> None:
        """Note that work on a spec is over."""
        ...

    def run_ended(self, report: RunReport) -> None:
        """Note that all is over, or was interrupted."""
        ...
