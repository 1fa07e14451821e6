"""The plain loop that the search is measured against: one greedy try, then error feedback and samples in turn."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.prompt import begin_reply, write_repair
from pytest_compiled_ai.compiler.search import REPLY_TOKENS, Question
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.specs.model import Stub

_WARMTH = 0.8


def ask_plainly(first: tuple[Message, ...], attempts: Sequence[Attempt], seed: int, stub: Stub) -> Question:
    """Return the next question: the first one greedily, then the last reply's failure and a fresh sample in turn."""
    last = attempts[-1] if attempts else None
    is_repair = last is not None and last.failure is not None and len(attempts) % 2 == 1
    messages = first
    if is_repair:
        assert last
        assert last.failure
        messages = write_repair(first, last.reply, last.failure.feedback)
    request = Request(
        messages=messages,
        temperature=0.0 if last is None or is_repair else _WARMTH,
        seed=seed + len(attempts),
        max_tokens=REPLY_TOKENS,
        prefill=begin_reply(stub),
        first=last is None,
    )
    return Question(request=request, repairs=last.number if is_repair and last else None)
