"""Run HumanEval's canonical solutions, sealed: `python -m benchmarks.security.humaneval --data PATH [--json OUT]`.

HumanEval is openai's, MIT, https://github.com/openai/human-eval; it is read in place. Every solution runs in a sealed
worker and its own `check` outside of it, as a spec's tests do; and the static gates judge it, which is a false alarm
where they refuse it.
"""

from __future__ import annotations

import argparse
import ast
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.security.static import judge, make_gates, read_humaneval
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.worker.channel import CallLimits
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.zygote import Zygote

LIMITS = CallLimits(call=60.0, total=120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one problem went: `error` is empty where its own tests pass."""

    name: str
    error: str
    calls: int
    milliseconds: float


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return its exit code: 0 if every solution is right."""
    parser = argparse.ArgumentParser(description="Run HumanEval's canonical solutions in sealed workers.")
    parser.add_argument("--data", type=Path, required=True, help="humaneval.jsonl, or a folder that holds it")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args(argv)
    path = next(iter(sorted(options.data.rglob("humaneval.jsonl"))), options.data)
    outcomes = list(run_all([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]))
    refused = judge(list(read_humaneval(path)), make_gates()).refused
    print(render(outcomes, refused))
    if options.json:
        figures = {"outcomes": [asdict(outcome) for outcome in outcomes], "refused": refused}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0 if not any(outcome.error for outcome in outcomes) else 1


def run_all(problems: Sequence[dict[str, str]]) -> Iterator[Outcome]:
    """Yield how the problems go, each in a worker of its own."""
    with (
        Zygote(module="generated.problem", filename="problem.py", header="", path=sys.path) as zygote,
        zygote.client(NO_CLASSES, LIMITS) as client,
    ):
        for problem in problems:
            yield run_one(client, problem)


def run_one(client: Client, problem: dict[str, str]) -> Outcome:
    """Return how one problem goes; its time is from the fork to the last answer."""
    entry, calls, error = problem["entry_point"], 0, ""
    started = time.perf_counter()
    try:
        with client.fork(problem["prompt"] + problem["canonical_solution"]) as worker:

            def candidate(*args: Any, **kwargs: Any) -> Any:
                nonlocal calls
                calls += 1
                return worker.call(entry, args, kwargs)

            read_check(problem)(candidate)
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"
    spent = (time.perf_counter() - started) * 1000
    return Outcome(name=problem.get("task_id", entry), error=error, calls=calls, milliseconds=spent)


def read_check(problem: dict[str, str]) -> Any:
    """Return the `check` of a problem, with what its prompt defines besides the function asked for."""
    tree = ast.parse(problem["prompt"] + "    pass\n")
    tree.body = [node for node in tree.body if getattr(node, "name", "") != problem["entry_point"]]
    names: dict[str, Any] = {}
    exec(compile(tree, "prompt", "exec"), names)
    exec(compile(problem["test"], "test", "exec"), names)
    return names["check"]


def render(outcomes: Sequence[Outcome], refused: dict[str, str]) -> str:
    """Return the figures as text."""
    wrong = [outcome for outcome in outcomes if outcome.error]
    spent = [outcome.milliseconds for outcome in outcomes]
    calls = sum(outcome.calls for outcome in outcomes)
    lines = [
        f"right in a sealed worker: {len(outcomes) - len(wrong)}/{len(outcomes)}, {calls} calls",
        f"ms a problem: median {statistics.median(spent):.1f}, most {max(spent):.1f}, all {sum(spent):.0f}",
        f"refused by the static gates: {len(refused)}/{len(outcomes)}",
    ]
    lines += [f"  {name}: {why}" for name, why in refused.items()]
    return "\n".join([*lines, *(f"  wrong: {outcome.name}: {outcome.error[:160]}" for outcome in wrong)])


if __name__ == "__main__":
    sys.exit(main())
