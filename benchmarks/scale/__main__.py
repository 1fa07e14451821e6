"""How a project grows: `python -m benchmarks.scale --specs 1 100 1000 5000 --out OUT`.

What has a row in OUT/results.json is not measured again; the table is OUT/results.md. A busy machine slows both sides
of a pair alike: trust the ratios, and of the rest processor time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.scale.checking import measure_check
from benchmarks.scale.compiling import measure_compiling
from benchmarks.scale.plain import measure_plain
from benchmarks.scale.project import PER_FILE, Shape, write_compiled, write_twin
from benchmarks.scale.results import add_row, read_rows, render_table
from benchmarks.scale.timing import COMPILED_AI, Row, run

MOST_COMPILED = 10
STEPS = {"plain": 2, "check": 1, "compile": 4}
"""What is measured, and how many rows each gives."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what has no row yet, and return 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description="Measure how a project grows.")
    parser.add_argument("--specs", type=int, nargs="+", default=[1000], help="specs in the project")
    parser.add_argument("--per-file", type=int, default=PER_FILE, help="specs in a file (default: %(default)s)")
    parser.add_argument("--out", type=Path, required=True, help="where projects and results go")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs (default: %(default)s)")
    parser.add_argument("--only", choices=STEPS, nargs="+", default=[*STEPS], help="measure only these")
    parser.add_argument(
        "--most-compiled", type=int, default=MOST_COMPILED, help="specs to run bodies of at most (default: %(default)s)"
    )
    options = parser.parse_args(argv)
    if min(*options.specs, options.per_file, options.pairs, 1) < 1:
        parser.error("numbers must be at least 1.")
    for specs in options.specs:
        _measure(options, Shape(specs, options.per_file))
    table = render_table(read_rows(options.out / "results.json"))
    (options.out / "results.md").write_text(table, encoding="utf-8")
    print(table, end="")
    return 0


def _measure(options: argparse.Namespace, shape: Shape) -> None:
    results: Path = options.out / "results.json"
    for step in options.only:
        have = sum((row.specs, row.per_file) == shape and _step_of(row) == step for row in read_rows(results))
        if have < STEPS[step] and not (step == "compile" and shape.specs > options.most_compiled):
            folder = _make_projects(options.out, shape)
            for row in _rows(step, folder, shape, options.pairs):
                add_row(results, row)
                print(f"{row.key}: {row.wall_ratio:.2f} ({row.cpu_ratio:.2f} of CPU)", file=sys.stderr)


def _rows(step: str, folder: Path, shape: Shape, pairs: int) -> Iterator[Row]:
    if step == "plain":
        return measure_plain(folder / "project", folder / "twin", shape, pairs)
    measure = measure_check if step == "check" else measure_compiling
    return measure(folder / "project", shape, pairs)


def _step_of(row: Row) -> str:
    if row.what.startswith("plain"):
        return "plain"
    return "check" if row.what == "compiled-ai check" else "compile"


def _make_projects(out: Path, shape: Shape) -> Path:
    """Return the folder with the project and its twin, made once; all of its specs are fresh."""
    folder = out.absolute() / f"{shape.specs}-by-{shape.per_file}"
    if not (folder / "made").is_file():
        write_compiled(folder / "project", shape)
        write_twin(folder / "twin", shape)
        run([*COMPILED_AI, "check"], folder / "project")
        (folder / "made").touch()
    return folder


if __name__ == "__main__":
    sys.exit(main())
