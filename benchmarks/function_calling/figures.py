"""The figures of a run, and their table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.codegen.clerk import SOLVED
from benchmarks.function_calling.calls import Call
from pytest_compiled_ai.evaluation.interval import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a body has made of one call: its `fault` is why it is not accepted.

    `is_own` tells a call that it was compiled on, `is_derivable` one whose values stand in its text.
    """

    task: str
    call: Call
    output: list[dict[str, Any]]
    fault: str
    is_own: bool
    is_derivable: bool


def summarize(lines: Sequence[Mapping[str, Any]], answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the figures of a run."""
    scored = [answer for answer in answers if not answer.is_own]
    accepted = {line["name"] for line in lines if line["outcome"] == SOLVED}
    return {
        "specs": len(lines),
        "accepted": len(accepted),
        "derivable": _count(answer for answer in scored if answer.is_derivable),
        "not derivable": _count(answer for answer in scored if not answer.is_derivable),
        "all": _count(scored),
        "of accepted specs": _count(answer for answer in scored if answer.task in accepted),
        "own calls": _count(answer for answer in answers if answer.is_own),
        "specs with every scored call right": _whole(scored),
        "faults": {answer.call.id: answer.fault for answer in scored if answer.fault and answer.task in accepted},
        "refused": {line["name"]: line["message"] for line in lines if line["outcome"] != SOLVED},
        "tokens in": sum(line["prompt_tokens"] for line in lines),
        "tokens out": sum(line["completion_tokens"] for line in lines),
        "seconds in all": sum(line["seconds"] for line in lines),
    }


def _count(answers: Iterable[Answer]) -> dict[str, Any]:
    right = [not answer.fault for answer in answers]
    return _share(sum(right), len(right))


def _whole(answers: Iterable[Answer]) -> dict[str, Any]:
    tasks: dict[str, bool] = {}
    for answer in answers:
        tasks[answer.task] = tasks.get(answer.task, True) and not answer.fault
    return _share(sum(tasks.values()), len(tasks))


def _share(right: int, total: int) -> dict[str, Any]:
    return {"right": right, "of": total, "share": right / total if total else 0.0, "interval": wilson(right, total)}


def render(name: str, figures: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    rows = [("specs, accepted", f"{figures['specs']}, {figures['accepted']}")]
    for row in (
        "derivable",
        "not derivable",
        "all",
        "of accepted specs",
        "specs with every scored call right",
        "own calls",
    ):
        found = figures[row]
        low, high = found["interval"]
        rows.append((row, f"{found['right']} of {found['of']} = {found['share']:.1%} ({low:.1%} to {high:.1%})"))
    rows.append(("tokens in, out", f"{figures['tokens in']:,}, {figures['tokens out']:,}"))
    if "disagreements" in figures:
        rows.append(
            ("judged by both checkers, disagreements", f"{figures['judged by both']}, {len(figures['disagreements'])}")
        )
    lines = [f"| {name} | |", "|---|---|", *(f"| {label} | {value} |" for label, value in rows)]
    return "\n".join([*lines, *figures.get("disagreements", [])])
