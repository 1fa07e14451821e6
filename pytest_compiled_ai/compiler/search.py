"""Which question to ask next: greedy first, then varied samples, with few repairs of the most promising between."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.prompt import begin_reply, write_repair, write_revision
from pytest_compiled_ai.gates.base import Verdict
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.templates.block import find_sketch

REPLY_TOKENS = 800
"""Upper bound of a reply: about twice a function of thirty lines."""
_METHOD_TOKENS = 300
"""The same for each method of a class."""
_REPAIRS = {4: 0.7, 10: 0.9}
"""Which questions are repairs, and how warm: a small model that sees its failed code says it again, so few are."""
_WARM = 0.7
"""Temperature from which a sample is worth comparing with one that passes."""
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
    opening="    # Rules and edge cases, at most five:\n    # 1.",
)
PATTERNS = Approach(hint="Use regular expressions.", opening="    import re\n\n")
STEP_BY_STEP = Approach(hint="Go step by step, with a comment before each step.", opening="    # ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One fresh sample: an approach, a sampling temperature, and whether earlier faults are noted above the body."""

    approach: Approach
    warmth: float
    is_noted: bool = False


def turns_of(stub: Stub, sketch: str = "") -> tuple[Turn, ...]:
    """Return the turns that suit a stub, the first one greedy; what follows changes the idea, not the wording alone.

    Where the prompt shows how the body may go, some begin it with those lines: a small model that copies them changes
    some.

    Plain samples, with the faults of earlier ones above the body or without, mend the most for what they cost: on a
    CPU a list of rules takes three times as long. Behind the last turn they begin anew, from the second.
    """
    reads_text = any(_reads_text(function.args) for function in stub.functions)
    other = PATTERNS if reads_text else STEP_BY_STEP
    turns: tuple[Turn, ...] = (
        Turn(approach=PLAIN, warmth=0.0),
        Turn(approach=PLAIN, warmth=0.3, is_noted=True),
        Turn(approach=PLAIN, warmth=0.8),
        Turn(approach=RULES_FIRST, warmth=0.6),
        Turn(approach=PLAIN, warmth=0.8, is_noted=True),
        Turn(approach=other, warmth=0.7),
        Turn(approach=STEP_BY_STEP, warmth=0.8, is_noted=True),
        Turn(approach=PLAIN, warmth=1.0),
        Turn(approach=other, warmth=0.9, is_noted=True),
        Turn(approach=PLAIN, warmth=1.0, is_noted=True),
    )
    if sketch:
        begun = Approach(hint="Begin the body with the lines that are shown.", opening=sketch)
        warm = (Turn(approach=begun, warmth=0.6, is_noted=True), turns[1], Turn(approach=begun, warmth=0.9))
        turns = (Turn(approach=begun, warmth=0.0), *warm, *turns[2:])
    if not stub.methods:
        return turns
    # The first of several bodies is not the one that an opening is for.
    return tuple(replace(turn, approach=replace(turn.approach, opening="")) for turn in turns)


def _sketch_in(first: Sequence[Message]) -> str:
    return find_sketch(first[-1].content) if first else ""


def _reads_text(spelled: ast.arguments) -> bool:
    given = (*spelled.posonlyargs, *spelled.args, *spelled.kwonlyargs)
    return any(arg.annotation and ast.unparse(arg.annotation) == "str" for arg in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask next.

    `repairs` is the number of the attempt that it is to mend, 0 for the body of a stale spec, None for a fresh sample.
    """

    request: Request
    repairs: int | None = None


Strategy = Callable[[tuple[Message, ...], Sequence[Attempt], int, Stub], Question | None]
"""Chooses the next question about a stub: from the first messages, the attempts so far and a seed; None gives up."""


def next_question(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Question:
    """Return the next question about a stub; `first` are the messages of the first.

    Most questions are fresh samples, in turns; two are repairs of the best attempt so far, which mend a small fault.
    """
    number = len(attempts) + 1
    if number in _REPAIRS:
        return _ask_to_repair(first, attempts, seed + len(attempts), stub)
    return ask_afresh(first, attempts, seed, stub)


def ask_afresh(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Question:
    """Return the next fresh sample about a stub."""
    turns, fresh = turns_of(stub, _sketch_in(first)), sum(attempt.repairs is None for attempt in attempts)
    turn = turns[fresh] if fresh < len(turns) else turns[1 + (fresh - 1) % (len(turns) - 1)]
    return Question(request=_request(turn, first, attempts, seed, stub))


def _request(turn: Turn, first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Request:
    return Request(
        messages=first,
        temperature=turn.warmth,
        seed=seed + len(attempts),
        max_tokens=_longest_reply(stub),
        prefill=begin_reply(stub),
        note=_warn(a.failure for a in attempts if a.failure) if turn.is_noted else "",
        opening=turn.approach.opening,
        hint=turn.approach.hint,
        first=not attempts,
    )


def ask_to_revise(first: tuple[Message, ...], code: str, failure: Verdict, seed: int, stub: Stub) -> Question:
    """Return the first question about a stale spec: the code that it has, and what refuses it now."""
    request = Request(
        messages=write_revision(first, code, failure.feedback, "class" if stub.methods else "function"),
        seed=seed,
        max_tokens=_longest_reply(stub),
        prefill=begin_reply(stub),
        # Right above the body it is not overlooked: greedy, a small model copies what it sees.
        note=_warn([failure]),
        first=True,
    )
    return Question(request=request, repairs=0)


def ask_another(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Question:
    """Return a question for one more body behind one that passes: warm, and another approach each time."""
    turns = [turn for turn in turns_of(stub, _sketch_in(first)) if turn.warmth >= _WARM and not turn.is_noted]
    return Question(request=_request(turns[len(attempts) % len(turns)], first, attempts, seed, stub))


def _ask_to_repair(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Question:
    asked = {attempt.repairs for attempt in attempts}
    failed = [attempt for attempt in attempts if attempt.failure and attempt.number not in asked]
    chosen = max(failed, key=lambda attempt: attempt.merit)
    assert chosen.failure
    request = Request(
        messages=write_repair(first, chosen.reply, chosen.failure.feedback, "class" if stub.methods else "function"),
        temperature=_REPAIRS[len(attempts) + 1],
        seed=seed,
        max_tokens=_longest_reply(stub),
        prefill=begin_reply(stub),
        # Begun as it was before, a small model goes on as it did before.
        opening=STEP_BY_STEP.opening,
    )
    return Question(request=request, repairs=chosen.number)


def _longest_reply(stub: Stub) -> int:
    return max(REPLY_TOKENS, _METHOD_TOKENS * len(stub.methods))


def _warn(failures: Iterable[Verdict]) -> str:
    """Return comment lines with the faults that came most often."""
    told: Counter[str] = Counter()
    for failure in failures:
        told.update(list(dict.fromkeys(failure.faults)))
    lines = [f"    # - {fault[:_FAULT]}\n" for fault, _ in told.most_common(_FAULTS)]
    return "".join(["    # Earlier versions were wrong, mind these cases:\n", *lines, "\n"]) if lines else ""
