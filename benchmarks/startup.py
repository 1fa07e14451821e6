"""Measure what the plugin adds to a plain `pytest` run: `python benchmarks/startup.py [--pairs N] [--json OUT]`.

A small compiled project is written to a temporary folder. The same tests (the spec's own, and one of its artifact) run
with the plugin and with `-p no:compiled_ai`, in interleaved pairs of fresh processes, so that a busy machine slows both
alike. Targets: less than 20 ms, and none of the heavy libraries imported.
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
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

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
ARTIFACT = '''
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
    "src/generated/words.py": ARTIFACT,
    "tests/test_words.py": TEST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """The figures of one run of the benchmark, in milliseconds.

    `with_ms` and `without_ms` are medians of whole processes; `difference_ms` is the median of the pairs' differences.
    `imported` names the heavy libraries that the run with the plugin imports and the one without it does not.
    """

    pairs: int
    with_ms: float
    without_ms: float
    difference_ms: float
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
    return 0 if startup.difference_ms < TARGET_MS and not startup.imported else 1


def write_project(folder: Path) -> None:
    """Write a compiled project: a spec, its artifact and a test that imports the artifact."""
    for relative, text in PROJECT.items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")


def measure(folder: Path, pairs: int) -> Startup:
    """Run the project's tests in pairs, after one run of each kind that fills the bytecode caches."""
    imported = heavy_imports(folder) - heavy_imports(folder, WITHOUT)
    times = [time_pair(folder, swap=bool(number % 2)) for number in range(pairs)]
    return Startup(
        pairs=pairs,
        with_ms=statistics.median(on for on, _ in times),
        without_ms=statistics.median(off for _, off in times),
        difference_ms=statistics.median(on - off for on, off in times),
        imported=tuple(sorted(imported)),
    )


def time_pair(folder: Path, *, swap: bool) -> tuple[float, float]:
    """Return the milliseconds with the plugin and without it; `swap` runs the latter first."""
    if swap:
        off, on = time_run(folder, WITHOUT), time_run(folder)
    else:
        on, off = time_run(folder), time_run(folder, WITHOUT)
    return on, off


def time_run(folder: Path, extra: Sequence[str] = ()) -> float:
    """Return how many milliseconds one whole run takes."""
    start = time.perf_counter()
    run_pytest(folder, extra)
    return (time.perf_counter() - start) * 1000


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
    command = [sys.executable, *python, *PYTEST, *extra]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        shown = " ".join(["pytest", *extra])
        raise SystemExit(f"benchmarks/startup.py: `{shown}` ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return done.stderr


def render(startup: Startup) -> str:
    """Return the figures as text."""
    return "\n".join([
        f"plain pytest on a compiled project, medians of {startup.pairs} interleaved pairs",
        f"with the plugin       {startup.with_ms:8.1f} ms",
        f"-p no:compiled_ai     {startup.without_ms:8.1f} ms",
        f"difference            {startup.difference_ms:8.1f} ms   (target: < {TARGET_MS:.0f} ms)",
        f"imported              {', '.join(startup.imported) or 'none'} of {', '.join(HEAVY)}   (target: none)",
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
