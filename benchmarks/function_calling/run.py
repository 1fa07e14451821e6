"""Compile the specs of a set, resumably: `python -m benchmarks.function_calling.run --help`.

Data is a folder with the leaderboard's sets as JSON lines. Each task is a spec of a project on disk and goes through
the same call as `pytest --compile-ai`; replies are kept under --out, and what has a line there is not run again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.codegen.run import Setup, run
from benchmarks.function_calling.calls import SETS
from benchmarks.function_calling.specs import write_problem
from benchmarks.function_calling.tasks import Task, read_tasks


def main(argv: Sequence[str] | None = None) -> int:
    """Run what has no line yet, and return 0."""
    parser = argparse.ArgumentParser(description="Compile function calls to functions that read their arguments.")
    add_places(parser)
    parser.add_argument("--provider", default="embedded")
    options = parser.parse_args(argv)
    tasks = choose(read_tasks(options.data, options.set), options.limit)
    run([write_problem(task) for task in tasks], options.out, options.set, Setup(provider=options.provider))
    return 0


def add_places(parser: argparse.ArgumentParser) -> None:
    """Add the options that every step has."""
    parser.add_argument("--data", type=Path, required=True, help="a folder with the sets, as NAME.jsonl")
    parser.add_argument("--set", choices=SETS, required=True)
    parser.add_argument("--out", type=Path, required=True, help="where projects, replies and results go")
    parser.add_argument("--limit", type=int, default=0, help="so many specs, spread over the set; 0 for all")


def choose(tasks: Sequence[Task], limit: int) -> list[Task]:
    """Return so many tasks, evenly spread, or all of them."""
    if not 0 < limit < len(tasks):
        return list(tasks)
    return [tasks[index * len(tasks) // limit] for index in range(limit)]


if __name__ == "__main__":
    sys.exit(main())
