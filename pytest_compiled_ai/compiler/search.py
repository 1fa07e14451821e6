"""Which question to ask next: greedy tries, then varied samples, with a repair of the most promising in between."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_compiled_ai.compiler.prompt import begin_reply, write_repair
from pytest_compiled_ai.gates.base import Candidate, Verdict
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.specs.model import Stub

REPLY_TOKENS = 800
"""Upper bound of a reply: about twice a function of thirty lines."""
_WARMTHS = (0.8, 0.6, 1.0, 0.7, 0.9)
"""Sampling temperatures at which fresh samples differ enough to be worth their time, in turn."""
_MENDING = 0.5
"""Temperature of a first repair: a small model asked greedily says its failed code again."""
_REPAIR_EVERY = 4
_TIRING = 0.2
"""What each repair takes from an attempt's merit, as a share of tests: a small model mends a fault soon or never."""
_WARNED = 400
"""Characters of an earlier failure in a fresh question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """One way to go about a function.

    `opening` is how its body begins, for a model whose reply can be begun for it; `hint` says it to any other one.
    """

    hint: str = ""
    opening: str = ""


PLAIN = Approach()
RULES_FIRST = Approach(
    hint="Begin the body with a few comment lines that list the rules and the edge cases, then write the code.",
    opening="    # Rules and edge cases:\n    # -",
)
PATTERNS = Approach(hint="Use regular expressions.", opening="    import re\n\n")
STEP_BY_STEP = Approach(hint="Go step by step, with a comment before each step.", opening="    # ")


def approaches_to(stub: Stub) -> tuple[Approach, ...]:
    """Return the approaches that suit a stub; what a sample begins with changes its idea more than any temperature."""
    arguments = stub.node.args
    given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    reads_text = any(arg.annotation and ast.unparse(arg.annotation) == "str" for arg in given)
    return (PLAIN, RULES_FIRST, *([PATTERNS] if reads_text else []), STEP_BY_STEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One question, its reply, and what the gates said of it.

    `candidate` is None where there was no code in it; `repairs` is the number of the attempt that it was to mend.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask next; `repairs` is the number of the attempt that it is to mend, None for a fresh sample."""

    request: Request
    repairs: int | None = None


def best_of(attempts: Sequence[Attempt]) -> Attempt | None:
    """Return the attempt that came farthest; of equals the first."""
    return max(attempts, key=lambda attempt: attempt.merit, default=None)


def next_question(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Question:
    """Return the next question about a stub; `first` are the messages of the first.

    The second question and each fourth one is a repair, which mends a small fault. All others are fresh samples, which
    leave a wrong idea behind: every approach is tried greedily once, then they go round at changing temperatures.
    """
    approaches, number = approaches_to(stub), len(attempts) + 1
    if number == 2 or number % _REPAIR_EVERY == 0:
        return _ask_to_repair(first, attempts, seed + len(attempts), begin_reply(stub))
    return Question(request=_ask_afresh(first, attempts, seed + len(attempts), stub, approaches))


def _ask_afresh(
    first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub, approaches: Sequence[Approach]
) -> Request:
    number = len(attempts)
    fresh = sum(attempt.repairs is None for attempt in attempts)
    approach = approaches[fresh % len(approaches)]
    greedy = fresh < len(approaches)
    messages = first
    if approach is PLAIN and not greedy and (warning := _warn(attempts)):
        messages = _with_warning(first, warning)
    return Request(
        messages=messages,
        temperature=0.0 if greedy else _WARMTHS[number % len(_WARMTHS)],
        seed=seed,
        max_tokens=REPLY_TOKENS,
        prefill=begin_reply(stub) + approach.opening,
        hint=approach.hint,
        first=not attempts,
    )


def _ask_to_repair(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, prefill: str) -> Question:
    asked = Counter(attempt.repairs for attempt in attempts)

    def promise(attempt: Attempt) -> tuple[int, float, int]:
        gates, share = attempt.merit
        return gates, share - _TIRING * asked[attempt.number], attempt.number

    chosen = max(attempts, key=promise)
    feedback = chosen.failure.feedback if chosen.failure else ""
    request = Request(
        messages=write_repair(first, chosen.reply, feedback),
        temperature=min(1.0, _MENDING + 0.25 * asked[chosen.number]),
        seed=seed,
        max_tokens=REPLY_TOKENS,
        prefill=prefill,
    )
    return Question(request=request, repairs=chosen.number)


def _warn(attempts: Sequence[Attempt]) -> str:
    """Return a sentence against the failure that came most often, where one came again and again."""
    told = Counter(attempt.failure.feedback for attempt in attempts if attempt.failure)
    for feedback, times in told.most_common(1):
        if times > 1:
            return f"Earlier tries failed so, avoid it:\n{feedback[:_WARNED]}"
    return ""


def _with_warning(first: tuple[Message, ...], warning: str) -> tuple[Message, ...]:
    *before, last = first
    return (*before, Message(role=last.role, content=f"{last.content} {warning}"))
