"""Compile the problems of a set, resumably: `python -m benchmarks.codegen.run --data PATH --out PATH`.

Each problem is a spec of a project on disk, and goes through the same core call as `pytest --compile-ai`. Hidden tests
are read by `benchmarks.codegen.score` alone. Replies are kept under --out, so that another strategy, or a run behind a
crash, replays what was asked before; figures count them as if they had been asked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.codegen.clerk import Clerk, Line, Metered, name_of, read_lines, write_line
from benchmarks.codegen.plain import ask_plainly
from benchmarks.codegen.problems import Problem, read_problems
from benchmarks.codegen.project import write_project
from pytest_compiled_ai.compiler import compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.search import Question, Strategy, next_question
from pytest_compiled_ai.compiler.workshop import Workshop, open_workshop
from pytest_compiled_ai.config import Config, load_config
from pytest_compiled_ai.extensions import create_providers, load_extensions
from pytest_compiled_ai.providers.base import Provider
from pytest_compiled_ai.providers.recorded import RecordedProvider

STRATEGIES: dict[str, Strategy] = {"search": next_question, "plain": ask_plainly}
ATTEMPTS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How problems are compiled: `settings` are keys of [tool.compiled-ai], `without` is a gate that is left out."""

    provider: str = "embedded"
    strategy: Strategy = next_question
    settings: Mapping[str, str | float] = field(default_factory=dict)
    without: str = ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run what has no line yet, and return 0."""
    parser = argparse.ArgumentParser(description="Compile the problems of a set.")
    add_places(parser)
    parser.add_argument("--strategy", choices=sorted(STRATEGIES), default="search")
    parser.add_argument("--spec", choices=("tests", "examples"), default="tests")
    parser.add_argument("--label", default="", help="a name for this run, beside its strategy")
    options = parser.parse_args(argv)
    problems = pick(read_problems(options.data, examples_only=options.spec == "examples"), options.limit)
    label = "-".join(filter(None, [options.data.name, options.strategy, options.spec, options.label]))
    run(problems, options.out, label, Setup(strategy=STRATEGIES[options.strategy], provider=options.provider))
    return 0


def add_places(parser: argparse.ArgumentParser, limit: int = 0) -> None:
    """Add the options that every run of a set has."""
    parser.add_argument(
        "--data", type=Path, required=True, help="a folder with humaneval.jsonl or mbpp_sanitized.jsonl"
    )
    parser.add_argument("--out", type=Path, required=True, help="where projects, replies and results go")
    parser.add_argument("--limit", type=int, default=limit, help="so many problems, spread over the set; 0 for all")
    parser.add_argument("--provider", default="embedded")


def pick(problems: Sequence[Problem], limit: int) -> list[Problem]:
    """Return `limit` problems, evenly spread, or all of them."""
    if not limit or limit >= len(problems):
        return list(problems)
    return [problems[index * len(problems) // limit] for index in range(limit)]


def run(problems: Sequence[Problem], out: Path, label: str, setup: Setup) -> None:
    """Compile the problems that have no line in `out/label.jsonl`."""
    path, root = out / f"{label}.jsonl", out / label
    done = {line["name"] for line in read_lines(path)}
    todo = [problem for problem in problems if problem.name not in done]
    write_project(root, todo, {"attempts": ATTEMPTS, "provider": setup.provider, **setup.settings})
    config, clerk = load_config(root), Clerk(path)

    def provide() -> tuple[Provider, ...]:
        clerk.meter = open_meter(config, out / "replies")
        return (clerk.meter,)

    with leave_out(setup.without):
        report = compiler.Compiler(Project(config), provide, clerk, limited(setup.strategy)).compile()
    said = {name_of(result.id): result.message for result in report.results}
    said |= {name_of(problem): problem for problem in report.problems}
    told = {line["name"] for line in read_lines(path)}
    # What cannot be read as a spec is never started.
    for name in (problem.name for problem in todo if problem.name not in told):
        write_line(path, Line(name=name, outcome="failed", message=said.get(name, "no spec was found in its file")))


def open_meter(config: Config, replies: Path) -> Metered:
    """Return the configured provider, whose replies are kept in a folder, and counted."""
    (inner,) = create_providers(load_extensions(), config, os.environ)
    return Metered(RecordedProvider(inner, replies))


def limited(strategy: Strategy) -> Strategy:
    """Return the strategy that ends after as many candidates as a problem may have."""

    def ask(first: Any, attempts: Any, seed: int, stub: Any) -> Question | None:
        return strategy(first, attempts, seed, stub) if len(attempts) < ATTEMPTS else None

    return ask


@contextmanager
def leave_out(gate: str) -> Iterator[None]:
    """Compile without one of the gates; an empty name leaves out none.

    Raises:
        ValueError: there is no gate of that name.
    """

    @contextmanager
    def open_other(config: Config) -> Iterator[Workshop]:
        with open_workshop(config) as shop:
            gates = tuple(each for each in shop.gates if each.name != gate)
            if len(gates) == len(shop.gates):
                raise ValueError(f"no gate is called {gate!r}; there are {', '.join(g.name for g in gates)}.")
            yield replace(shop, gates=gates)

    with mock.patch.object(compiler, "open_workshop", open_other if gate else open_workshop):
        yield


if __name__ == "__main__":
    sys.exit(main())
