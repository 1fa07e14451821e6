"""Score a run by the hidden tests: `python -m benchmarks.codegen.score --help`.

Hidden tests are EvalPlus' for HumanEval (they need numpy); MBPP has none here, so its false accepts are unmeasured.
Each accepted body runs in a sealed worker, its tests outside of it.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.codegen.clerk import SOLVED, read_lines
from benchmarks.codegen.problems import Problem, read_problems
from benchmarks.codegen.project import body_path
from pytest_compiled_ai.evaluation.interval import wilson
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.worker.channel import CallLimits
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.preload import MODULES
from pytest_compiled_ai.sandbox.worker.zygote import Zygote

LIMITS = CallLimits(call=30.0, total=120.0)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of a run, write them beside it, and return 0."""
    parser = argparse.ArgumentParser(description="Score a run by the hidden tests.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--label", required=True, help="the name of the run's result file, without .jsonl")
    options = parser.parse_args(argv)
    print(render(options.label, score_run(read_problems(options.data), options.out, options.label)))
    return 0


def score_run(problems: Sequence[Problem], out: Path, label: str) -> dict[str, Any]:
    """Return the figures of the run of that label, and write them beside it."""
    lines, named = read_lines(out / f"{label}.jsonl"), {problem.name: problem for problem in problems}
    hidden = judge_all([named[line["name"]] for line in lines if line["outcome"] == SOLVED], out / label)
    figures = summarize(lines, hidden)
    (out / f"{label}.figures.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return figures


def judge_all(problems: Sequence[Problem], root: Path) -> dict[str, str]:
    """Return what the hidden tests say of each accepted body: "" where they pass, and where there are none."""
    found = {problem.name: "" for problem in problems}
    hidden = [problem for problem in problems if problem.hidden]
    if not hidden:
        return found
    # A sealed worker can open no file: what bodies import has to be there before.
    support = [Path(name).stem for problem in hidden for name in problem.files]
    path = [str(root), *sys.path]
    with (
        Zygote(
            module="generated.problem", filename="problem.py", header="", path=path, modules=[*MODULES, *support]
        ) as zygote,
        zygote.client(NO_CLASSES, LIMITS) as client,
    ):
        for problem in hidden:
            found[problem.name] = judge(client, problem, body_path(root, problem).read_text(encoding="utf-8"))
    return found


def judge(client: Client, problem: Problem, body: str) -> str:
    """Return why a body fails the hidden tests, or ""."""
    names: dict[str, Any] = {}
    exec(compile(problem.prelude, "prelude", "exec"), names)
    exec(compile(problem.hidden, "hidden", "exec"), names)
    try:
        with client.fork(body) as worker:
            names["check"](lambda *args: worker.call(problem.entry, args, {}))
    except Exception as failure:
        return f"{type(failure).__name__}: {failure}"[:200]
    return ""


def summarize(lines: Sequence[Mapping[str, Any]], hidden: Mapping[str, str]) -> dict[str, Any]:
    """Return the figures of a run."""
    total, accepted = len(lines), [line for line in lines if line["outcome"] == SOLVED]
    wrong = sorted(line["name"] for line in accepted if hidden[line["name"]])
    right = len(accepted) - len(wrong)
    solved = [line["solved_at"] or line["attempts"] for line in accepted]
    ambiguous = sorted(line["name"] for line in lines if any("ambiguous" in note for note in line["notes"]))
    return {
        "problems": total,
        "accepted": len(accepted),
        "accepted and right": right,
        "share right": right / total if total else 0.0,
        "interval": wilson(right, total),
        "accepted, wrong": {name: hidden[name] for name in wrong},
        "ambiguous": ambiguous,
        "wrong and shown ambiguous": sorted(set(wrong) & set(ambiguous)),
        "refused": {line["name"]: line["message"] for line in lines if line["outcome"] != SOLVED},
        "candidates": sum(line["attempts"] for line in lines),
        "candidates to solve": _spread(solved),
        "tokens in": sum(line["prompt_tokens"] for line in lines),
        "tokens out": sum(line["completion_tokens"] for line in lines),
        "seconds": _spread([line["seconds"] for line in lines]),
        "seconds in all": sum(line["seconds"] for line in lines),
        "first candidates passed": sum(not line["first_refused_by"] for line in accepted),
        "first candidates refused by": Counter(line["first_refused_by"] for line in lines if line["first_refused_by"]),
        "candidates refused by": Counter(gate for line in lines for gate in line["refused_by"]),
    }


def render(label: str, figures: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    low, high = figures["interval"]
    total, wrong, refused = figures["problems"], figures["accepted, wrong"], figures["refused"]
    rows = {
        "problems": total,
        "**accepted and right**": f"**{figures['accepted and right']} = {figures['share right']:.1%}** "
        f"({low:.1%} to {high:.1%})",
        "accepted (base tests passed)": f"{figures['accepted']} = {figures['accepted'] / (total or 1):.1%}",
        "accepted, wrong": _counted(wrong),
        "of these shown ambiguous": len(figures["wrong and shown ambiguous"]),
        "ambiguous": len(figures["ambiguous"]),
        "refused": _counted(refused),
        "candidates to solve (median, p90)": "{:g}, {:g}".format(*figures["candidates to solve"]),
        "tokens in, out": f"{figures['tokens in']:,}, {figures['tokens out']:,}",
        "seconds a problem (median, p90), in all": "{:g}, {:g}, {:.0f}".format(
            *figures["seconds"], figures["seconds in all"]
        ),
        "first candidates passed": figures["first candidates passed"],
        "first candidates refused by": ", ".join(
            f"{gate} {count}" for gate, count in figures["first candidates refused by"].items()
        ),
    }
    return "\n".join([f"| {label} | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def _counted(names: Collection[str]) -> str:
    return f"{len(names)}: {', '.join(names)}" if names else "0"


def _spread(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    if not ordered:
        return 0.0, 0.0
    return round(statistics.median(ordered), 1), round(ordered[math.ceil(0.9 * len(ordered)) - 1], 1)


if __name__ == "__main__":
    sys.exit(main())
