"""How strong the tests of specs are, for people: lines for each spec, and a table of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pytest_compiled_ai.evaluation.strength import Measured


def show_strengths(measured: Iterable[Measured], required: int | None) -> bool:
    """Print what is found of each spec as it comes, then the table; return whether all reach `required` percent."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    found = []
    for each in measured:
        found.append(each)
        for line in describe_measured(each):
            console.print(line)
    if any(each.strength for each in found):
        console.print(draw_strengths(found))
    weak = [each for each in found if required is not None and not each.reaches(required)]
    if weak:
        console.print(f"compiled-ai: {len(weak)} of {len(found)} do not reach {required}%, the first is {weak[0].id}")
    return not weak


def describe_measured(found: Measured) -> Iterator[str]:
    """Yield a line about one spec, and one for each mutant that no test noticed."""
    if found.strength is None:
        yield f"{found.id}: not measured: {found.problem}"
        return
    yield f"{found.id}: {found.strength}"
    for survivor in found.strength.survivors:
        yield f"  {found.artifact} {survivor}"


def draw_strengths(found: Sequence[Measured]) -> Table:
    """Return the table of a run: spec, mutants, killed, the share."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("spec", overflow="fold")
    for name in ("mutants", "killed", "rate"):
        table.add_column(name, justify="right")
    for each in found:
        table.add_row(escape(each.id), *_cells(each))
    return table


def _cells(found: Measured) -> tuple[str, str, str]:
    strength = found.strength
    if strength is None:
        return "-", "-", "-"
    return str(strength.total), str(strength.killed), f"{int(strength.percent)}%"
