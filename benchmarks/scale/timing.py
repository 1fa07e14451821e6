"""Two commands timed against each other: interleaved pairs of fresh processes, wall clock and processor time."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.startup import Cost, children_seconds, median

Run = Callable[[], Cost]
COMPILED_AI = (sys.executable, "-c", "from pytest_compiled_ai.cli import main; raise SystemExit(main())")
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:asyncio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure: medians of what was measured and of its yardstick, and the median of the pairs' ratios."""

    what: str
    against: str
    specs: int
    per_file: int
    pairs: int
    measured: Cost
    yardstick: Cost
    wall_ratio: float
    cpu_ratio: float

    @property
    def key(self) -> str:
        """What tells a row from all others."""
        return f"{self.what} / {self.against} / {self.specs} / {self.per_file}"


def compare(what: str, against: str, runs: tuple[Run, Run], *, specs: int, per_file: int, pairs: int) -> Row:
    """Return the row of two runs in turn; each pair begins with the other one, so that a drift favours neither."""
    costs = [_pair(*runs, swap=bool(number % 2)) for number in range(pairs)]
    measured, yardstick = [pair[0] for pair in costs], [pair[1] for pair in costs]
    return Row(
        what=what,
        against=against,
        specs=specs,
        per_file=per_file,
        pairs=pairs,
        measured=median(measured),
        yardstick=median(yardstick),
        wall_ratio=statistics.median(one.wall_ms / other.wall_ms for one, other in costs),
        cpu_ratio=statistics.median(one.cpu_ms / other.cpu_ms for one, other in costs),
    )


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> Cost:
    """Return what one process costs, with the processes that it waits for; it must succeed."""
    # What the caller's shell says of pytest, of bytecode or of a model must not reach the runs that are compared.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV", "PYTHON", "COMPILED_AI"))}
    start, used = time.perf_counter(), children_seconds()
    environ = {**kept, **(variables or {})}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    cost = Cost(wall_ms=(time.perf_counter() - start) * 1000, cpu_ms=(children_seconds() - used) * 1000)
    if done.returncode:
        said = (done.stdout + done.stderr)[-2000:]
        raise SystemExit(f"benchmarks.scale: {' '.join(command)} in {folder} ended with {done.returncode}:\n{said}")
    return cost


def _pair(first: Run, second: Run, *, swap: bool) -> tuple[Cost, Cost]:
    if swap:
        later = second()
        return first(), later
    return first(), second()
