"""What a pack is: a name, words for the prompt, and rules that a body is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.rules.finding import Finding

Check = Callable[[Candidate, Subject], Iterable[Finding]]
Demand = Callable[[Subject], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRule:
    """One rule: `explain` says it in one sentence for people, `check` yields every breach of it in a body."""

    name: str
    explain: str
    check: Check


def nothing_more(_: Subject) -> str | None:
    """Demand nothing of a spec."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Rules that belong together.

    `summary` is one line for people, `prompt` one or two short sentences for a model. `demand` is asked before the
    first prompt: it returns what a spec itself lacks, with what to do, as the rest of a line; None where it is fit.
    """

    name: str
    summary: str
    prompt: str
    rules: tuple[PackRule, ...]
    demand: Demand = nothing_more
