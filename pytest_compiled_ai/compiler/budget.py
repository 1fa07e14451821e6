"""What a run has spent on questions, and when that is all that it may spend."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_compiled_ai.config import Budget
from pytest_compiled_ai.providers.base import Reply


@dataclass(slots=True)
class Account:
    """Counts the replies of one run; the last ones may go beyond the budget, and no question is asked after them.

    `unanswered` are the specs in a row whose question met with no reply; `has_answered` tells whether any did.
    """

    budget: Budget
    clock: Callable[[], float] = time.monotonic
    tokens: int = 0
    cost: float = 0.0
    unanswered: int = 0
    has_answered: bool = False
    started: float = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def charge(self, reply: Reply) -> None:
        """Book a reply; one that is replayed was paid for before."""
        self.has_answered, self.unanswered = True, 0
        if reply.replayed:
            return
        with self._lock:
            self.tokens += reply.prompt_tokens + reply.completion_tokens
            self.cost += reply.cost

    def miss(self) -> None:
        """Book a spec whose question met with no reply."""
        with self._lock:
            self.unanswered += 1

    def explain_end(self) -> str:
        """Return which budget is spent and what to do, or ""."""
        seconds = self.clock() - self.started
        for spent, allowed, key, text in (
            (self.tokens, self.budget.tokens, "tokens", f"{self.tokens:,} of {self.budget.tokens or 0:,} tokens"),
            (self.cost, self.budget.cost, "cost", f"{self.cost:.4f} of {self.budget.cost or 0:g}"),
            (seconds, self.budget.seconds, "seconds", f"{seconds:.0f} of {self.budget.seconds or 0:g} s"),
        ):
            if allowed is not None and spent >= allowed:
                return (
                    f"this run's budget is spent ({text}); run again to go on, or raise {key} in "
                    "[tool.compiled-ai.budget]."
                )
        return ""
