"""How bodies that pass all tests behave on other inputs: which agree, and where the largest groups part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.keys import key_of
from pytest_compiled_ai.evaluation.notation import write_value

_LONGEST = 2000
"""Characters of an answer that are kept for people; all of it counts in its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a body gave for one input.

    `text` is the source of the value, the full name of the exception, or why there is none; `key` is what counts when
    two are compared. `after` is the source of the arguments as the call left them, in a tuple, and of the named
    ones. `value` is the value itself.
    """

    kind: Literal["value", "raises", "none"]
    text: str
    key: str
    after: tuple[str, str] = ("()", "{}")
    value: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Candidates that agree, by their numbers; `answers` are those of one that was asked the most."""

    candidates: tuple[int, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An input that tells two clusters apart, and what each answers."""

    input: Input
    answers: tuple[Answer, Answer]


UNASKED: Final = Answer(kind="none", text="was not asked", key="")
"""Stands where time was over, or too many workers had died; it differs from nothing."""


def value_answer(value: Any, arguments: Sequence[Any] = (), keywords: dict[str, Any] | None = None) -> Answer:
    """Return the answer that a value is, with the arguments as they are after the call."""
    given = tuple(arguments), keywords or {}
    after = _cut(write_value(given[0])), _cut(write_value(given[1]))
    return Answer(kind="value", text=_cut(write_value(value)), key=key_of((value, given)), after=after, value=value)


def error_answer(name: str) -> Answer:
    """Return the answer that an exception with a full name is; its message counts for nothing."""
    return Answer(kind="raises", text=name.removeprefix("builtins."), key=f"raises {name}")


def no_answer(reason: str, key: str = "none") -> Answer:
    """Return what stands for a call that gave nothing that can be shown."""
    return Answer(kind="none", text=reason, key=key)


def cluster(answers: Sequence[Sequence[Answer]]) -> tuple[Cluster, ...]:
    """Return the groups of candidates that agree, the largest first, and of equal ones that of the earliest candidate.

    Args:
        answers: those of each candidate, to the same inputs in the same order. An input that no candidate gives a
            value for tells nothing.
    """
    telling = [n for n, column in enumerate(zip(*answers, strict=True)) if any(each.kind == "value" for each in column)]
    groups: list[list[int]] = []
    # Whoever was asked little agrees with many, and comes last.
    for candidate in sorted(range(len(answers)), key=lambda n: (answers[n].count(UNASKED), n)):
        for group in groups:
            if all(_agree(answers[group[0]][n], answers[candidate][n]) for n in telling):
                group.append(candidate)
                break
        else:
            groups.append([candidate])
    groups.sort(key=lambda group: (-len(group), min(group)))
    return tuple(Cluster(candidates=tuple(sorted(group)), answers=tuple(answers[group[0]])) for group in groups)


def find_difference(inputs: Sequence[Input], clusters: Sequence[Cluster]) -> Difference | None:
    """Return the shortest input on which the two largest clusters differ, None where all agree.

    One for which both give values goes before one for which a body raises, and this before one without an answer.
    """
    if len(clusters) < 2:
        return None
    rows = zip(inputs, clusters[0].answers, clusters[1].answers, strict=True)
    found = [(_rank(one, other), len(each.text), each.text, Difference(input=each, answers=(one, other)))
             for each, one, other in rows if not _agree(one, other)]  # fmt: skip
    return min(found, key=lambda row: row[:3])[3] if found else None


def _agree(one: Answer, other: Answer) -> bool:
    return one.key == other.key or UNASKED in (one, other)


def _rank(one: Answer, other: Answer) -> int:
    kinds = {one.kind, other.kind}
    if "value" not in kinds:
        return 3
    return 2 if "none" in kinds else 1 if "raises" in kinds else 0


def _cut(text: str) -> str:
    # The sign at the end makes it no Python: nobody shall take it for the whole.
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
