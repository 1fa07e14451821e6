"""A body that waits for a person, as the terminal shows it: what changed, what judged it, what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.reports.changes import GateLine, Origin
from pytest_compiled_ai.reports.diff import diff_rows
from pytest_compiled_ai.reports.origin import read_origin
from pytest_compiled_ai.reports.side_by_side import draw_diff
from pytest_compiled_ai.review.pending import Pending

_WORDS = {"staged": "staged, not written yet", "written": "written, not approved"}


def draw_pending(pending: Pending, place: str, settings: Config, width: int) -> RenderableType:
    """Return all that a reviewer has to know of a body; `place` is where it stands among the others."""
    target = pending.file.target.relative_to(settings.root).as_posix()
    lines = list(describe_pending(pending, settings))
    return Group(
        Text(f"{place} {pending.id}: {_WORDS[pending.kind]}", style="bold"),
        Text(f"  spec at {pending.file.relative}:{pending.stub.line}; body for {target}"),
        Text(""),
        draw_diff(target, pending.old, pending.new, width),
        Text(""),
        *(Text(line, overflow="fold") for line in lines),
    )


def describe_pending(pending: Pending, settings: Config) -> Iterator[str]:
    """Yield the lines about a body, without the body."""
    if pending.problem:
        yield f"cannot be accepted: {pending.problem}"
    if pending.standing.changed:
        yield f"changed in the spec: {', '.join(pending.standing.changed)}"
    origin = read_origin(pending.record, pending.section, settings)
    if origin is None:
        yield "no record is about this body: `compiled-ai verify` judges it"
        return
    yield from _describe_gates(origin.gates)
    yield f"body coverage: {origin.coverage or 'not measured'}; tests: {len(origin.tests)}, {origin.tier or 'no tier'}"
    if origin.call:
        yield f"the spec leaves open: {origin.call}"
        yield from (
            f"  it {choice.answer}, as {choice.bodies} of the bodies that passed say" for choice in origin.choices
        )
    yield from (f"for callers: {line}" for line in origin.changes)
    yield _describe_origin(origin)


def draw_list(pending: Iterable[Pending], settings: Config) -> Table:
    """Return the table of what waits: spec, what it is, lines more and less, and who wrote it."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("spec", overflow="fold")
    table.add_column("waits as")
    table.add_column("lines", justify="right")
    table.add_column("model", overflow="fold")
    for each in pending:
        more, less = _count_lines(each)
        origin = read_origin(each.record, each.section, settings)
        kind = "outdated" if each.problem else each.kind
        table.add_row(Text(each.id), kind, f"+{more} -{less}", Text(_writer(origin) if origin else "unknown"))
    return table


def _describe_gates(gates: Iterable[GateLine]) -> Iterator[str]:
    said = {
        gate.gate: ", ".join(f"{key.replace('_', ' ')} {text}" for key, text in gate.evidence.items()) for gate in gates
    }
    if plain := [gate for gate, evidence in said.items() if not evidence]:
        yield f"gates passed: {', '.join(plain)}"
    yield from (f"gate passed: {gate}: {evidence}" for gate, evidence in said.items() if evidence)


def _describe_origin(origin: Origin) -> str:
    cost = f", cost {origin.cost:.4f}" if origin.cost else ""
    if origin.based_on or not origin.attempt:
        return f"written by {_writer(origin)}"
    return f"written by {_writer(origin)}: attempt {origin.attempt} of {origin.attempts}, {origin.tokens} tokens{cost}"


def _writer(origin: Origin) -> str:
    based = f", based on {origin.based_on}" if origin.based_on else ""
    return f"{origin.model or origin.provider or 'unknown'}{based}"


def _count_lines(pending: Pending) -> tuple[int, int]:
    rows = [row for row in diff_rows(pending.old, pending.new) if row.kind == "changed"]
    return sum(row.new_line is not None for row in rows), sum(row.old_line is not None for row in rows)
