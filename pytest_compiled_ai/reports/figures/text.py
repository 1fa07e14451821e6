"""The evaluation in the terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pytest_compiled_ai.evaluation.framework.model import Evaluation
from pytest_compiled_ai.reports.figures.plot import draw_plot
from pytest_compiled_ai.reports.figures.tables import FigureTable, make_tables

PICTURE = "amortization.svg"
"""The file beside the Markdown."""


def show_evaluation(evaluation: Evaluation, console: Console) -> None:
    """Print every table, and the curve where there is one."""
    for table in make_tables(evaluation):
        console.print(Text(table.title, style="bold"))
        console.print(_draw(table))
        for note in table.notes:
            console.print(Text(note, style="dim"))
        console.print()
    if curve := evaluation.curve:
        console.print(Text(draw_plot(curve)))


def render_text(evaluation: Evaluation) -> str:
    """Return the evaluation as Markdown."""
    return "\n".join(_lines(evaluation))


def _draw(table: FigureTable) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    first, *others = table.columns
    drawn.add_column(first, overflow="fold")
    for name in others:
        drawn.add_column(name, justify="right", overflow="fold")
    for row in table.rows:
        drawn.add_row(*map(Text, row))
    return drawn


def _lines(evaluation: Evaluation) -> Iterator[str]:
    yield f"# Evaluation of {_escape(evaluation.project)}"
    for table in make_tables(evaluation):
        yield from ("", f"## {table.title}", "")
        yield _row(table.columns)
        yield _row(["---", *["---:"] * (len(table.columns) - 1)])
        for row in table.rows:
            yield _row(map(_escape, row))
        for note in table.notes:
            yield from ("", _escape(note))
    if evaluation.curve:
        yield from ("", f"![Tokens after n calls]({PICTURE})")
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escape(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\|*_`<>[]#" else sign for sign in " ".join(text.split()))
