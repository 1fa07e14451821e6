"""Which question to ask next: a greedy try, then repairs of the best so far and fresh samples, in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_compiled_ai.compiler.prompt import RULES_FIRST, write_repair
from pytest_compiled_ai.gates.base import Candidate, Stage, Verdict
from pytest_compiled_ai.providers.base import Message, Request

REPLY_TOKENS = 1200
"""Upper bound of a reply: about four times a function of thirty lines."""
_WARMTHS = (0.8, 0.6, 1.0)
"""Sampling temperatures at which fresh samples differ enough to be worth their time, in turn."""
_HINTS = (RULES_FIRST, "", "Use the simplest way that keeps every rule.", "Take the rules one by one, in their order.")

_WARNED = 400
"""Characters of an earlier failure in a fresh question."""
_MENDING = 0.5
"""Temperature of a repair: a small model asked greedily says its failed code again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One question, its reply, and what the gates said of it. `candidate` is None where there was no code in it."""

    number: int
    request: Request
    reply: str
    candidate: Candidate | None
    verdicts: tuple[Verdict, ...]
    prompt_tokens: int
    completion_tokens: int
    seconds: float

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


def next_request(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, prefill: str) -> Request:
    """Return the next question about a stub; `prefill` is how every reply begins.

    The first is greedy. Then repairs of the best attempt so far and fresh samples take turns: a repair mends small
    faults, a sample leaves a wrong idea behind.
    """
    number = len(attempts) + 1
    best = best_of(attempts)
    if best is None:
        return Request(messages=first, seed=seed, max_tokens=REPLY_TOKENS, prefill=prefill, first=True)
    hint = f"{_HINTS[number % len(_HINTS)]} {_warn(attempts)}".strip()
    messages, warmth = _with_hint(first, hint), _WARMTHS[number % len(_WARMTHS)]
    if number % 2 == 0 and best.failure:
        repair = write_repair(first, best.reply, best.failure.feedback)
        asked = sum(attempt.request.messages == repair for attempt in attempts)
        if asked < _repairs_worth(best.failure):
            messages, warmth = repair, min(1.0, _MENDING + 0.25 * asked)
    return Request(messages=messages, temperature=warmth, seed=seed + number, max_tokens=REPLY_TOKENS, prefill=prefill)


def _repairs_worth(failure: Verdict) -> int:
    """Return how often a failure is worth a repair: a small model says a wrong idea again, but mends a near miss."""
    return 1 + int(3 * failure.score) if failure.stage >= Stage.EXECUTION else 4


def _warn(attempts: Sequence[Attempt]) -> str:
    """Return a sentence against the failure that came most often, where one came again and again."""
    told = Counter(attempt.failure.feedback for attempt in attempts if attempt.failure)
    for feedback, times in told.most_common(1):
        if times > 1:
            return f"Earlier tries failed so, avoid it:\n{feedback[:_WARNED]}"
    return ""


def _with_hint(first: tuple[Message, ...], hint: str) -> tuple[Message, ...]:
    *before, last = first
    return (*before, Message(role=last.role, content=f"{last.content} {hint}".rstrip()))
