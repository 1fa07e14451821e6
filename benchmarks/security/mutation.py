"""Mutate what judges and confines bodies: `python -m benchmarks.security.mutation [--paths PATH ...] [--out FILE]`.

Every function of every module gets the small changes that `compiled-ai strength` makes, one at a time, in a copy of the
tree; the tests that go with the module (`mirrors.py`) have to fail. A module whose tests pass even when it cannot be
imported is told as not reached. With `--out` a run can be interrupted, and taken up again.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from benchmarks.security.mirrors import Mirrors
from benchmarks.security.mutated_tree import BROKEN, Ending, MutatedTree, Outcome, is_contained
from pytest_compiled_ai.evaluation.mutants import Mutant, make_mutants
from pytest_compiled_ai.specs.syntax import Function

ROOT = Path(__file__).resolve().parents[2]
PATHS = (Path("pytest_compiled_ai/gates"), Path("pytest_compiled_ai/sandbox"))
PATIENCE, PACE = 30.0, 5.0
"""Seconds that tests have at least, and how many times the seconds that they take with the module as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One mutant that was tried; `key` is a hash of its module's text, so that a change of the module is a new one."""

    key: str
    module: str
    line: int
    operator: str
    change: str
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of the mutants of a module, or why there is nothing to tell."""

    module: str
    records: tuple[Record, ...] = ()
    problem: str = ""

    @property
    def survivors(self) -> tuple[Record, ...]:
        """The mutants that no test noticed."""
        return tuple(record for record in self.records if record.outcome == "survived")


class Bench:
    """Copies of the tree, as many as jobs, and what was found before.

    Args:
        trees: the copies.
        done: what was found, by key.
        log: where findings are written, or None.
    """

    def __init__(self, trees: Sequence[MutatedTree], done: dict[str, Record], log: IO[str] | None) -> None:
        self._done, self._log = done, log
        self.root = trees[0].root
        self._mirrors = Mirrors(self.root)
        self._pool = ThreadPoolExecutor(len(trees))
        self._free: SimpleQueue[MutatedTree] = SimpleQueue()
        for tree in trees:
            self._free.put(tree)

    def measure(self, path: Path, limit: int | None) -> FileResult:
        """Return what becomes of the mutants of one module."""
        module, tests = path.relative_to(self.root).as_posix(), self._mirrors.find(path)
        text = path.read_text(encoding="utf-8")
        mutants = {hash_text(module, mutant.source): mutant for mutant in mutants_of(text, limit)}
        missing = {key: mutant for key, mutant in mutants.items() if key not in self._done}
        if missing:
            usual = self._run(module, text, tests, 600.0)
            if problem := self._find_problem(module, tests, usual):
                return FileResult(module=module, problem=problem)
            self._try_all(module, missing, tests, usual)
        return FileResult(module=module, records=tuple(self._done[key] for key in mutants))

    def close(self) -> None:
        """Wait for what runs, and start nothing more."""
        self._pool.shutdown(cancel_futures=True)

    def _find_problem(self, module: str, tests: list[str], usual: Ending) -> str:
        if not tests:
            return "no test goes with it"
        if usual.outcome != "survived":
            return f"its tests fail as it is ({usual.outcome}): {usual.said}"
        broken = compare(self._run(module, BROKEN, tests, 600.0), usual)
        return "" if broken.outcome != "survived" else "its tests do not reach it"

    def _try_all(self, module: str, mutants: dict[str, Mutant], tests: list[str], usual: Ending) -> None:
        patience = max(PATIENCE, PACE * usual.seconds)
        futures = {
            self._pool.submit(self._run, module, mutant.source, tests, patience): key for key, mutant in mutants.items()
        }
        for future in as_completed(futures):
            ending = compare(future.result(), usual)
            self._note(module, futures[future], mutants[futures[future]], ending)

    def _note(self, module: str, key: str, mutant: Mutant, ending: Ending) -> None:
        self._done[key] = record = Record(
            key=key, module=module, line=mutant.line, operator=mutant.operator, change=str(mutant),
            outcome=ending.outcome, seconds=ending.seconds,
        )  # fmt: skip
        if self._log:
            print(json.dumps(asdict(record)), file=self._log, flush=True)

    def _run(self, module: str, text: str, tests: list[str], patience: float) -> Ending:
        tree = self._free.get()
        try:
            return tree.run(module, text, tests, patience)
        finally:
            self._free.put(tree)


def compare(ending: Ending, usual: Ending) -> Ending:
    """Return how tests ended, with more of them skipped than usual as a change that they noticed.

    A sandbox that no longer closes makes its tests skip: that is how a machine without one is told.
    """
    is_skipped = ending.outcome == "survived" and ending.skipped > usual.skipped
    return replace(ending, outcome="killed") if is_skipped else ending


def main(argv: Sequence[str] | None = None) -> int:
    """Run the mutants and return 0: what survives only informs."""
    parser = argparse.ArgumentParser(description="Mutate the gates and the sandbox, and run their tests.")
    parser.add_argument("--paths", nargs="+", type=Path, default=PATHS, help="files or folders of the package")
    parser.add_argument("--limit-per-file", type=int, metavar="N", help="mutants of one module at most")
    parser.add_argument("--out", type=Path, help="JSON lines: read what is there, and add what is new")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time, each in a copy of its own (default 2)")
    options = parser.parse_args(argv)
    if not is_contained():
        print("nothing is run: this machine, or this user, has no PID namespace to hold what a hole lets out.")
        return 1
    results = []
    for result in measure_all(options.paths, options.limit_per_file, options.jobs, options.out):
        results.append(result)
        print(render_file(result), flush=True)
    print(render(results))
    return 0


def measure_all(paths: Sequence[Path], limit: int | None, jobs: int, out: Path | None) -> Iterator[FileResult]:
    """Yield what becomes of the mutants of each module, in copies that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder, ExitStack() as stack:
        trees = [MutatedTree(ROOT, Path(folder) / str(number)) for number in range(jobs)]
        done = {record.key: record for record in read_records(out)} if out else {}
        log = stack.enter_context(out.open("a", encoding="utf-8")) if out else None
        bench = Bench(trees, done, log)
        stack.callback(bench.close)
        for path in find_modules(trees[0].root, paths):
            yield bench.measure(path, limit)


def find_modules(root: Path, paths: Sequence[Path]) -> list[Path]:
    """Return the modules of a tree that files and folders relative to it hold."""
    given = [root / path for path in paths]
    found = [[path] if path.is_file() else sorted(path.rglob("*.py")) for path in given]
    return [path for each in found for path in each if path.stem != "__init__"]


def mutants_of(text: str, limit: int | None) -> list[Mutant]:
    """Return mutants of the functions of a module, as whole modules."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return make_mutants(text, lines.__contains__, limit)


def read_records(path: Path) -> list[Record]:
    """Return what an earlier run wrote; a line that it could not finish is left out."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [Record(**json.loads(line)) for line in lines if line.endswith("}")]


def hash_text(module: str, text: str) -> str:
    """Return what a mutant is known by."""
    return hashlib.sha256(f"{module}\0{text}".encode()).hexdigest()[:24]


def render_file(result: FileResult) -> str:
    """Return a line about a module, and one for each mutant that no test noticed."""
    if result.problem:
        return f"{result.module}: not measured: {result.problem}"
    lines = [f"{result.module}: {_share([result])}"]
    return "\n".join([*lines, *(f"  {result.module}:{r.line}: {r.change}" for r in result.survivors)])


def render(results: Sequence[FileResult]) -> str:
    """Return the sums."""
    timeouts = sum(record.outcome == "timeout" for result in results for record in result.records)
    skipped = sum(bool(result.problem) for result in results)
    return f"all: {_share(results)}, {timeouts} of them by the clock; {skipped} modules not measured"


def _share(results: Sequence[FileResult]) -> str:
    total = sum(len(result.records) for result in results)
    killed = total - sum(len(result.survivors) for result in results)
    return f"{killed} of {total} mutants killed" + (f" ({100 * killed // total}%)" if total else "")


if __name__ == "__main__":
    sys.exit(main())
