"""Measure what the plugin adds to a plain `pytest` run: `python benchmarks/startup.py [--pairs N] [--json OUT]`.

A small compiled project, all fresh, is written to a temporary folder. The same tests (the spec's own, and one of its
artifact) run with the plugin and with `-p no:compiled_ai`, in interleaved pairs of fresh processes, so that a busy
machine slows both alike, and with bytecode caches, as an installed package has them. Beside the clock stands processor
time (user and system), which other processes' work disturbs less; the fastest runs are those that it disturbed least.
Targets: a median difference of less than 20 ms, and none of the heavy libraries imported.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pytest_compiled_ai.artifacts.module import Section, render_module
from pytest_compiled_ai.compiler.project import Project, hash_section
from pytest_compiled_ai.config import load_config

TARGET_MS = 20.0
HEAVY = ("openai", "rich", "bandit", "mypy", "xllamacpp")
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")
WITHOUT = ("-p", "no:compiled_ai")

PYPROJECT = """
[tool.compiled-ai]
specs = ["specs"]
generated = "src/generated"

[tool.pytest.ini_options]
testpaths = ["specs", "tests"]
python_files = ["test_*.py", "specs/*.py"]
pythonpath = ["src", "."]
"""
SPEC = '''
from pytest_compiled_ai import spec


@spec
def count_words(text: str) -> int:
    """Count the words of a text; white space separates them."""


def test_words() -> None:
    assert count_words(" two words ") == 2
'''
BODY = '''
def count_words(text: str) -> int:
    """Count the words of a text; white space separates them."""
    return len(text.split())
'''
TEST = """
from generated.words import count_words


def test_no_words() -> None:
    assert count_words("") == 0
"""
PROJECT = {
    "pyproject.toml": PYPROJECT,
    "specs/words.py": SPEC,
    "tests/test_words.py": TEST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run, or one difference, costs in milliseconds: by the clock, and of the processor (user and system)."""

    wall_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """The figures of one run of the benchmark.

    `with_plugin` and `without` are medians of whole processes; `difference` is the median of the pairs' differences,
    `fastest` the difference of the fastest runs. `imported` names the heavy libraries that the run with the plugin
    imports and the one without it does not.
    """

    pairs: int
    with_plugin: Cost
    without: Cost
    difference: Cost
    fastest: Cost
    imported: tuple[str, ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return its exit code: 0 if both targets are met, else 1."""
    parser = argparse.ArgumentParser(description="Measure what the plugin adds to a plain pytest run.")
    parser.add_argument("--pairs", type=int, default=20, help="pairs of runs (default: 20)")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args(argv)
    if options.pairs < 1:
        parser.error("--pairs must be at least 1.")
    with tempfile.TemporaryDirectory(prefix="startup-") as name:
        folder = Path(name)
        write_project(folder)
        startup = measure(folder, options.pairs)
    print(render(startup))
    if options.json:
        options.json.write_text(json.dumps(asdict(startup), indent=2) + "\n", encoding="utf-8")
    return 0 if startup.difference.wall_ms < TARGET_MS and not startup.imported else 1


def write_project(folder: Path) -> None:
    """Write a compiled project: a spec, its artifact with a stamp that is right, and a test that imports it."""
    for relative, text in PROJECT.items():
        write_file(folder / relative, text)
    project = Project(load_config(folder))
    file, stub = project.find("count_words")
    digest = project.standing(file, stub).digest.value
    section = Section(name=stub.name, text=BODY.lstrip(), digest=digest, body_hash="")
    module = replace(project.blank(file), sections=(section,))
    stamped = replace(section, body_hash=hash_section(module, section))
    write_file(file.target, render_module(replace(module, sections=(stamped,))))


def write_file(path: Path, text: str) -> None:
    """Write a file of the project."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")


def measure(folder: Path, pairs: int) -> Startup:
    """Run the project's tests in pairs, after one run of each kind that fills the bytecode caches."""
    imported = heavy_imports(folder) - heavy_imports(folder, WITHOUT)
    costs = [time_pair(folder, swap=bool(number % 2)) for number in range(pairs)]
    on, off = [pair[0] for pair in costs], [pair[1] for pair in costs]
    differences = [subtract(*pair) for pair in costs]
    return Startup(
        pairs=pairs,
        with_plugin=median(on),
        without=median(off),
        difference=median(differences),
        fastest=subtract(fastest(on), fastest(off)),
        imported=tuple(sorted(imported)),
    )


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(
        wall_ms=statistics.median(cost.wall_ms for cost in costs),
        cpu_ms=statistics.median(cost.cpu_ms for cost in costs),
    )


def fastest(costs: Sequence[Cost]) -> Cost:
    """Return the least of each figure."""
    return Cost(wall_ms=min(cost.wall_ms for cost in costs), cpu_ms=min(cost.cpu_ms for cost in costs))


def subtract(cost: Cost, other: Cost) -> Cost:
    """Return how much more the first costs."""
    return Cost(wall_ms=cost.wall_ms - other.wall_ms, cpu_ms=cost.cpu_ms - other.cpu_ms)


def time_pair(folder: Path, *, swap: bool) -> tuple[Cost, Cost]:
    """Return the cost with the plugin and without it; `swap` runs the latter first."""
    if swap:
        off, on = time_run(folder, WITHOUT), time_run(folder)
    else:
        on, off = time_run(folder), time_run(folder, WITHOUT)
    return on, off


def time_run(folder: Path, extra: Sequence[str] = ()) -> Cost:
    """Return what one whole run costs."""
    start, used = time.perf_counter(), children_seconds()
    run_pytest(folder, extra)
    return Cost(wall_ms=(time.perf_counter() - start) * 1000, cpu_ms=(children_seconds() - used) * 1000)


def children_seconds() -> float:
    """Return the processor time, user and system, of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def heavy_imports(folder: Path, extra: Sequence[str] = ()) -> set[str]:
    """Return which heavy libraries a run imports, by Python's own record of its imports."""
    # pytest's capture would swallow what Python writes to stderr while tests are collected and run.
    lines = run_pytest(folder, [*extra, "--capture=no"], python=("-X", "importtime")).splitlines()
    modules = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    return {module.partition(".")[0] for module in modules} & set(HEAVY)


def run_pytest(folder: Path, extra: Sequence[str] = (), python: Sequence[str] = ()) -> str:
    """Run the project's tests in a process of their own and return its stderr; they must pass."""
    # A pytest that runs this benchmark, or its user's shell, must not reach into the runs that are compared.
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    # An installed package has its bytecode; this one gets it at the first run.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *python, *PYTEST, *extra]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        shown = " ".join(["pytest", *extra])
        raise SystemExit(f"benchmarks/startup.py: `{shown}` ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return done.stderr


def render(startup: Startup) -> str:
    """Return the figures as text."""
    rows = {
        "with the plugin": startup.with_plugin,
        "-p no:compiled_ai": startup.without,
        "difference": startup.difference,
        "of the fastest runs": startup.fastest,
    }
    return "\n".join([
        f"plain pytest on a compiled project, medians of {startup.pairs} interleaved pairs",
        *(f"{name:<20}{cost.wall_ms:8.1f} ms wall{cost.cpu_ms:8.1f} ms cpu" for name, cost in rows.items()),
        f"target              {TARGET_MS:8.1f} ms wall, as the median difference",
        f"imported            {', '.join(startup.imported) or 'none'} of {', '.join(HEAVY)}   (target: none)",
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
