"""What each part of the search is worth: `python -m benchmarks.codegen.ablate --data PATH --out PATH [--limit 40]`.

The same problems are compiled with one thing changed at a time. What was asked in one run is replayed in the others,
so runs differ by what was changed alone; it is resumable, as every run is.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.codegen.clerk import SOLVED, read_lines
from benchmarks.codegen.plain import ask_plainly
from benchmarks.codegen.problems import Problem, read_problems
from benchmarks.codegen.run import Setup, add_places, pick, run
from benchmarks.codegen.score import score_run

LIMIT = 40
BASE = "nothing changed"
_SETTINGS = {"confirm_samples": 0, "held_out": 0.25}
_COLUMNS = (
    "changed", "right", "only with it", "only without it", "p", "accepted, wrong", "candidates", "tokens in",
    "tokens out", "seconds",
)  # fmt: skip


class Measured(NamedTuple):
    """One run: its figures, and the names of the problems that it solved."""

    figures: Mapping[str, Any]
    right: frozenset[str]


def main(argv: Sequence[str] | None = None) -> int:
    """Run all variants, write their table beside them, print it, and return 0."""
    parser = argparse.ArgumentParser(description="Compile problems with one thing changed at a time.")
    add_places(parser, LIMIT)
    options = parser.parse_args(argv)
    problems = pick(read_problems(options.data), options.limit)
    table = render(measure(problems, options.out, f"{options.data.name}-ablate{len(problems)}", options.provider))
    (options.out / f"{options.data.name}-ablate{len(problems)}.md").write_text(table + "\n", encoding="utf-8")
    print(table)
    return 0


def variants(provider: str) -> dict[str, Setup]:
    """Return the setups by what is changed in them, the unchanged one first."""
    return {
        BASE: Setup(provider=provider, settings=_SETTINGS),
        "plain loop, no search": Setup(provider=provider, settings=_SETTINGS, strategy=ask_plainly),
        "2 confirming samples": Setup(provider=provider, settings={**_SETTINGS, "confirm_samples": 2}),
        "nothing held out": Setup(provider=provider, settings={**_SETTINGS, "held_out": 0}),
        "no hard-coding gate": Setup(provider=provider, settings=_SETTINGS, without="hard-coding"),
    }


def measure(problems: Sequence[Problem], out: Path, label: str, provider: str) -> dict[str, Measured]:
    """Return what became of each variant, by what is changed in it."""
    found = {}
    for changed, setup in variants(provider).items():
        name = f"{label}-{changed.replace(',', '').replace(' ', '-')}"
        run(problems, out, name, setup)
        figures = score_run(problems, out, name)
        accepted = {line["name"] for line in read_lines(out / f"{name}.jsonl") if line["outcome"] == SOLVED}
        found[changed] = Measured(figures, frozenset(accepted - set(figures["accepted, wrong"])))
    return found


def render(found: Mapping[str, Measured]) -> str:
    """Return the variants as one Markdown table, each compared with the unchanged one problem by problem."""
    base = found[BASE]
    rows = [_row(changed, each, base) for changed, each in found.items()]
    return "\n".join([_line(_COLUMNS), _line(["---"] * len(_COLUMNS)), *map(_line, rows)])


def sign_test(one: int, other: int) -> float:
    """Return the two-sided exact probability of so uneven a split of the problems that two runs differ in."""
    total = one + other
    tail = sum(math.comb(total, count) for count in range(min(one, other) + 1))
    return min(1.0, 2.0 * tail / 2.0**total)


def _row(changed: str, each: Measured, base: Measured) -> list[str]:
    figures, gained, lost = each.figures, len(each.right - base.right), len(base.right - each.right)
    compared = ["", "", ""] if each is base else [f"{gained}", f"{lost}", f"{sign_test(gained, lost):.2f}"]
    counts = (
        f"{figures['candidates']:,}{_change(each, base, 'candidates')}",
        *(f"{figures[key]:,.0f}{_change(each, base, key)}" for key in ("tokens in", "tokens out", "seconds in all")),
    )
    right = f"{figures['accepted and right']} of {figures['problems']}"
    return [changed, right, *compared, str(len(figures["accepted, wrong"])), *counts]


def _change(each: Measured, base: Measured, key: str) -> str:
    before = base.figures[key]
    return "" if each is base or not before else f" ({each.figures[key] / before - 1:+.0%})"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
