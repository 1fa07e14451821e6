"""What a new body answers otherwise than the one before it, for those who call it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer

_MOST = 5
"""Calls that are shown."""
_LONGEST = 80
"""Characters of a call, and of each answer."""


def list_changes(
    name: str, inputs: Iterable[Input], before: Sequence[Answer], after: Sequence[Answer]
) -> tuple[str, ...]:
    """Return the shortest calls that are answered otherwise, as in `f(3): 4 -> 5`; none without an answer counts.

    Args:
        name: of the function.
        inputs: what both bodies were asked.
        before: the answers of the old one.
        after: the answers of the new one.
    """
    rows = zip(inputs, before, after, strict=True)
    found = [
        (len(each.text), each.text, _describe(old, new))
        for each, old, new in rows
        if old.key != new.key and "none" not in {old.kind, new.kind}
    ]
    return tuple(f"{_cut(f'{name}({text})')}: {change}" for _, text, change in sorted(found)[:_MOST])


def _describe(old: Answer, new: Answer) -> str:
    texts = [_cut(f"raises {answer.text}" if answer.kind == "raises" else answer.text) for answer in (old, new)]
    if texts[0] != texts[1]:
        return " -> ".join(texts)
    place = 0 if old.after[0] != new.after[0] else 1
    left = " -> ".join(_cut(answer.after[place]) for answer in (old, new))
    return f"{texts[0]}, and leaves its arguments as {left}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
