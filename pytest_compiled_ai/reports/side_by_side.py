"""Two texts beside each other on a terminal; one below the other where it is narrow."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pytest_compiled_ai.reports.diff import Piece, Row, diff_rows, unified_diff

WIDE = 100
"""Columns from which on two bodies stand side by side."""
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def draw_diff(title: str, old: str, new: str, width: int) -> RenderableType:
    """Return the diff of two texts for a terminal of so many columns; marks tell what colours tell."""
    if width < WIDE or not old or not new:
        return draw_unified(unified_diff(title, old, new))
    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    for _ in range(2):
        table.add_column(justify="right", style="dim", no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
    for row in diff_rows(old, new):
        table.add_row(*_cells(row))
    return table


def draw_unified(diff: str) -> Text:
    """Return a unified diff with its colours."""
    return Text("\n").join(Text(line, style=_STYLES.get(line[:1], "")) for line in diff.splitlines())


def _cells(row: Row) -> tuple[str, Text, str, Text]:
    if row.kind == "gap":
        return "", Text("...", style="dim"), "", Text("...", style="dim")
    marks = ("-", "+") if row.kind == "changed" else (" ", " ")
    old = _line(marks[0], row.old) if row.old_line else Text()
    new = _line(marks[1], row.new) if row.new_line else Text()
    return str(row.old_line or ""), old, str(row.new_line or ""), new


def _line(mark: str, pieces: Iterable[Piece]) -> Text:
    style = _STYLES.get(mark, "")
    parts = [(piece.text, f"{style} bold" if piece.is_changed else style) for piece in pieces]
    return Text.assemble((f"{mark} ", style), *parts)
