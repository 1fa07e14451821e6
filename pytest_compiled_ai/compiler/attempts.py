"""What was asked about a spec so far, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_compiled_ai.gates.base import Candidate, Verdict
from pytest_compiled_ai.providers.base import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One question, its reply, and what the gates said of it.

    `candidate` is None where there was no code in it; `repairs` is the number of the attempt that it was to mend;
    `replayed` tells that the reply was paid for in an earlier run; `cost` is in the unit of the configured price.
    """

    number: int
    request: Request
    reply: str
    candidate: Candidate | None
    verdicts: tuple[Verdict, ...]
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    repairs: int | None = None
    replayed: bool = False
    cost: float = 0.0

    @property
    def passed(self) -> bool:
        """Return whether every gate said yes."""
        return bool(self.verdicts) and all(verdict.passed for verdict in self.verdicts)

    @property
    def failure(self) -> Verdict | None:
        """Return the verdict that ended this attempt, or None."""
        return next((verdict for verdict in self.verdicts if not verdict.passed), None)

    @property
    def merit(self) -> tuple[int, float]:
        """Return how far it came: gates passed, then the share of the last one's checks."""
        return sum(v.passed for v in self.verdicts), self.failure.score if self.failure else 1.0


def best_of(attempts: Sequence[Attempt]) -> Attempt | None:
    """Return the attempt that came farthest; of equals the first."""
    return max(attempts, key=lambda attempt: attempt.merit, default=None)


def count_asked(attempts: Sequence[Attempt]) -> int:
    """Return how often a model was asked: what an earlier run paid for uses up no attempt of this one."""
    return sum(not attempt.replayed for attempt in attempts)


def explain_none(attempts: Sequence[Attempt], spec: str) -> str:
    """Return why none of the attempts about a spec was approved, in one line."""
    best = best_of(attempts)
    said = best.failure.message if best and best.failure else ""
    return f"no body passed in {len(attempts)} attempts: {said} `compiled-ai explain {spec}` shows the best try"
