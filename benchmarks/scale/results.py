"""The figures of all runs so far, as a file to go on from, and as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.scale.timing import Row
from benchmarks.startup import Cost
from pytest_compiled_ai.artifacts.plan import write_atomically

HEAD = (
    "| what | specs | in a file | seconds | CPU s | CPU ms a spec | against | ratio | CPU ratio |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file of results, none where there is no file."""
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    costs = ("measured", "yardstick")
    return [Row(**{**raw, **{name: Cost(**raw[name]) for name in costs}}) for raw in found]


def add_row(path: Path, row: Row) -> None:
    """Put a row into the file, in the place of an older one of its kind."""
    rows = {old.key: old for old in read_rows(path)}
    rows[row.key] = row
    write_atomically(path, json.dumps([asdict(each) for each in rows.values()], indent=2) + "\n")


def render_table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table, those of one kind together, small projects first."""
    rows = list(rows)
    kinds = [*dict.fromkeys(row.what for row in rows)]
    ordered = sorted(rows, key=lambda row: (kinds.index(row.what), row.per_file, row.specs))
    return HEAD + "".join(_line(_cells(row)) for row in ordered)


def _cells(row: Row) -> Sequence[str]:
    seconds, cpu = row.measured.wall_ms / 1000, row.measured.cpu_ms / 1000
    each = f"{row.measured.cpu_ms / row.specs:.2f}"
    ratios = f"{row.wall_ratio:.2f}", f"{row.cpu_ratio:.2f}"
    return row.what, f"{row.specs:,}", str(row.per_file), f"{seconds:.2f}", f"{cpu:.2f}", each, row.against, *ratios


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
