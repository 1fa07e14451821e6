"""What judging a right body by warm gates saves: beside new processes of the same tools, and two bodies at once.

`python -m benchmarks.security.abreast [--rounds N] [--json OUT]`. Ratios of medians of one run; a busy machine, or one
with a single core, says little.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.security.arena import Arena, open_arena
from benchmarks.security.speed import RIGHT, judge, take
from pytest_compiled_ai.compiler.assembly import RAISING
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.validation.far import FarBench
from pytest_compiled_ai.validation.sites import LocalSites

TARGETS = {"ratio": 5.0, "abreast": 1.6}
TOOLS = {
    "pytest": ("pytest", "-q", "-p", "no:cacheprovider", "specs/order.py"),
    "mypy": ("mypy", "--strict", "--no-error-summary", "src/generated/order.py"),
    "bandit": ("bandit", "-q", "src/generated/order.py"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and return 0: times only inform."""
    parser = argparse.ArgumentParser(description="Measure what warm gates save, and what a second process gives.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="abreast-") as folder, open_arena(Path(folder) / "project") as arena:
        figures = {**time_tools(arena, options.rounds), "gates": time_gates(arena, options.rounds)}
        figures["ratio"] = sum(figures[name] for name in TOOLS) / figures["gates"]
        figures["abreast"] = time_abreast(arena, options.rounds)
    print(render(figures, os.getloadavg()))
    if options.json:
        told = {"figures": figures, "load": os.getloadavg(), "processors": os.cpu_count()}
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return 0


def time_tools(arena: Arena, rounds: int) -> dict[str, float]:
    """Return the milliseconds of a new process of each tool on a right body; mypy has its cache."""
    target = arena.root / "src/generated/order.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(arena.candidate(RIGHT).module, encoding="utf-8")
    try:
        return {name: time_tool(arena.root, name, rounds) for name in TOOLS}
    finally:
        target.unlink()


def time_tool(root: Path, name: str, rounds: int) -> float:
    """Return the milliseconds of a new process of one tool, which has run once before."""
    run_tool(root, name)
    return statistics.median(take(lambda: run_tool(root, name)) for _ in range(rounds))


def run_tool(root: Path, name: str) -> None:
    """Run a tool in a new process; what it says of the body does not matter here, but that it could judge it."""
    command = [sys.executable, "-m", *TOOLS[name]]
    environ = {**os.environ, "MYPYPATH": str(root / "src"), "PYTHONPATH": str(root / "src")}
    run = subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)
    if run.returncode not in {0, 1}:
        raise SystemExit(f"benchmarks.security.abreast: {name} failed: {run.stdout[-500:]}{run.stderr[-500:]}")


def time_gates(arena: Arena, rounds: int) -> float:
    """Return the milliseconds of all gates before the last for a right body."""
    judge(arena, RIGHT)
    spent = [judge(arena, marked(number)) for number in range(rounds)]
    return statistics.median(sum(each.values()) - each["confirm"] for each in spent)


def time_abreast(arena: Arena, rounds: int) -> float:
    """Return how many times as many bodies two validating processes judge in a second as one does."""
    sites = LocalSites(load_config(arena.root), 2)
    try:
        benches = [FarBench(sites, lane, arena.subject.stub.id, dict) for lane in range(2)]
        for bench in benches:
            bench.begin(arena.subject, arena.candidate(textwrap.dedent(RAISING)))
            judge_all(bench, arena, range(-2, 0))
        started = time.perf_counter()
        judge_all(benches[0], arena, range(rounds))
        alone = time.perf_counter() - started
        threads = [
            threading.Thread(target=judge_all, args=(bench, arena, range(rounds * (1 + at), rounds * (2 + at))))
            for at, bench in enumerate(benches)
        ]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return 2 * alone / (time.perf_counter() - started)
    finally:
        sites.close()


def judge_all(bench: FarBench, arena: Arena, numbers: Sequence[int]) -> None:
    """Judge right bodies, each with a comment of its own, by all gates before the last."""
    for number in numbers:
        verdicts = bench.try_out(arena.candidate(marked(number)), arena.subject, lambda _: None)
        assert verdicts[-1].passed, verdicts[-1].message


def marked(number: int) -> str:
    """Return the right body with a comment: one that was run already is not run again."""
    return f"{RIGHT.rstrip()}\n    # {number}"


def render(figures: dict[str, float], load: Sequence[float]) -> str:
    """Return the figures as text."""
    lines = [f"load {load[0]:.1f} on {os.cpu_count()} processors; medians in ms"]
    lines += [f"{name:20}{figures[name]:9.1f}" for name in (*TOOLS, "gates")]
    said = {"ratio": "times as fast as new processes", "abreast": "times as many bodies by two processes"}
    lines += [f"{figures[name]:.2f} {text} (target: {TARGETS[name]}, idle)" for name, text in said.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
