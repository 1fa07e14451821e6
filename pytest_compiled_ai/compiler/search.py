"""Which question to ask next: greedy tries, then varied samples, with a repair of the most promising in between."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.prompt import begin_reply, write_repair
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.specs.model import Stub

REPLY_TOKENS = 800
"""Upper bound of a reply: about twice a function of thirty lines."""
_METHOD_TOKENS = 300
"""The same for each method of a class."""
_WARMTHS = (0.8, 0.6, 1.0, 0.7, 0.9)
"""Sampling temperatures at which fresh samples differ enough to be worth their time, in turn."""
_MENDING = 0.7
"""Temperature of a first repair: a small model asked greedily says its failed code again."""
_REPAIR_EVERY = 4
_TIRING = 0.2
"""What each repair takes from an attempt's merit, as a share of tests: a small model mends a fault soon or never."""
_FAULTS, _FAULT = 4, 150
"""Earlier faults in a fresh question, and characters of each."""


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
    reads_text = any(_reads_text(function.args) for function in stub.functions)
    approaches = (PLAIN, RULES_FIRST, *([PATTERNS] if reads_text else []), STEP_BY_STEP)
    # The first of several bodies is not the one that an opening is for.
    return tuple(replace(approach, opening="") for approach in approaches) if stub.methods else approaches


def _reads_text(spelled: ast.arguments) -> bool:
    given = (*spelled.posonlyargs, *spelled.args, *spelled.kwonlyargs)
    return any(arg.annotation and ast.unparse(arg.annotation) == "str" for arg in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask next; `repairs` is the number of the attempt that it is to mend, None for a fresh sample."""

    request: Request
    repairs: int | None = None


Strategy = Callable[[tuple[Message, ...], Sequence[Attempt], int, Stub], Question | None]
"""Chooses the next question about a stub: from the first messages, the attempts so far and a seed; None gives up."""


def next_question(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Question:
    """Return the next question about a stub; `first` are the messages of the first.

    The second question and each fourth one is a repair, which mends a small fault. All others are fresh samples, which
    leave a wrong idea behind: every approach is tried greedily once, then they go round at changing temperatures, in
    every other round with a note of what went wrong before.
    """
    approaches, number = approaches_to(stub), len(attempts) + 1
    if number == 2 or number % _REPAIR_EVERY == 0:
        return _ask_to_repair(first, attempts, seed + len(attempts), stub)
    return Question(request=_ask_afresh(first, attempts, seed + len(attempts), stub, approaches))


def _ask_afresh(
    first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub, approaches: Sequence[Approach]
) -> Request:
    fresh = sum(attempt.repairs is None for attempt in attempts)
    rounds, turn = divmod(fresh, len(approaches))
    return Request(
        messages=first,
        temperature=_WARMTHS[len(attempts) % len(_WARMTHS)] if rounds else 0.0,
        seed=seed,
        max_tokens=_longest_reply(stub),
        prefill=begin_reply(stub),
        note=_warn(attempts) if rounds % 2 else "",
        opening=approaches[turn].opening,
        hint=approaches[turn].hint,
        first=not attempts,
    )


def _ask_to_repair(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Question:
    # By the fault, not by the attempt: a repair that changes nothing makes a new attempt with the old fault.
    faults = {attempt.number: _fault_of(attempt) for attempt in attempts}
    asked = Counter(faults[attempt.repairs] for attempt in attempts if attempt.repairs is not None)

    def promise(attempt: Attempt) -> tuple[int, float, int]:
        gates, share = attempt.merit
        return gates, share - _TIRING * asked[faults[attempt.number]], attempt.number

    chosen = max(attempts, key=promise)
    feedback = chosen.failure.feedback if chosen.failure else ""
    request = Request(
        messages=write_repair(first, chosen.reply, feedback, "class" if stub.methods else "function"),
        temperature=min(1.0, _MENDING + 0.2 * asked[faults[chosen.number]]),
        seed=seed,
        max_tokens=_longest_reply(stub),
        prefill=begin_reply(stub),
        # Begun as it was before, a small model goes on as it did before.
        opening=STEP_BY_STEP.opening,
    )
    return Question(request=request, repairs=chosen.number)


def _longest_reply(stub: Stub) -> int:
    return max(REPLY_TOKENS, _METHOD_TOKENS * len(stub.methods))


def _fault_of(attempt: Attempt) -> str:
    return attempt.failure.message if attempt.failure else ""


def _warn(attempts: Sequence[Attempt]) -> str:
    """Return comment lines with the faults that came most often."""
    told: Counter[str] = Counter()
    for attempt in attempts:
        if attempt.failure:
            told.update(list(dict.fromkeys(attempt.failure.faults)))
    lines = [f"    # - {fault[:_FAULT]}\n" for fault, _ in told.most_common(_FAULTS)]
    return "".join(["    # Earlier versions were wrong, mind these cases:\n", *lines, "\n"]) if lines else ""
