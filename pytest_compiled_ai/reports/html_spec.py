"""One spec on the report's page: what changed, its body's diff, and what is known about it."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_compiled_ai.reports.changes import Edit, Origin, SpecChange
from pytest_compiled_ai.reports.diff import Piece, Row, diff_rows, reveal
from pytest_compiled_ai.reports.findings import find_in
from pytest_compiled_ai.reports.markup import Html, join, tag
from pytest_compiled_ai.reports.summary import describe_evidence, list_facts, name_state, split_code

_MOODS = {
    "fresh": "good", "compiled": "good", "restamped": "good", "verified": "good",
    "missing": "error", "failed": "error", "interrupted": "error", "conflict": "error", "unreadable": "error",
}  # fmt: skip
_TOLD_BELOW = frozenset({"new-body", "ambiguous", "behaviour", "survivor"})


def badge(text: str, mood: str) -> Html:
    """Return a small label; its text says all, its colour only helps."""
    return tag("span", text, class_=f"badge {mood}")


def show_message(text: str) -> Html:
    """Return one of our messages, what stands in backticks as code."""
    return join(tag("code", reveal(part)) if is_code else reveal(part) for part, is_code in split_code(text))


def state_badge(spec: SpecChange) -> Html:
    """Return the label of where a spec stands."""
    word = name_state(spec)
    return badge(word, _MOODS.get(word, "warning"))


def render_spec(number: int, spec: SpecChange) -> Html:
    """Return the article about a spec."""
    badges = (badge(spec.kind, "kind"), " ", state_badge(spec))
    place = tag("p", tag("code", reveal(f"{spec.path}:{spec.line}")), " → ", tag("code", reveal(spec.artifact)))
    return tag(
        "article",
        tag("h2", tag("code", reveal(spec.id)), " ", badges),
        place,
        _render_messages(spec),
        _render_inputs(spec),
        _render_body(spec),
        _render_origin(spec) if spec.kind != "removed" else "",
        id=f"spec-{number}",
    )


def _render_messages(spec: SpecChange) -> Html:
    said = [
        finding for finding in find_in(spec) if finding.rule not in {"new-body", "ambiguous", "behaviour", "survivor"}
    ]
    lines = (tag("li", badge(each.level, each.level), " ", show_message(each.message)) for each in said)
    return tag("ul", lines, class_="findings") if said else Html("")


def _render_inputs(spec: SpecChange) -> Html:
    if not (spec.inputs or spec.edits):
        return Html("")
    names = tag("ul", (tag("li", tag("code", reveal(name))) for name in spec.inputs), class_="inputs")
    diffs = (join(tag("h4", tag("code", reveal(edit.title))), _render_diff(edit)) for edit in spec.edits)
    shown = tag("details", tag("summary", "the changed texts"), diffs, open="open") if spec.edits else ""
    return tag("section", tag("h3", "What changed in the spec"), names if spec.inputs else "", shown)


def _render_body(spec: SpecChange) -> Html:
    title = tag("h3", "Body")
    if spec.has_new_body:
        callers = spec.origin.changes if spec.origin else ()
        changes = tag("ul", (tag("li", tag("code", reveal(line))) for line in callers))
        told = join(tag("h3", "What changes for callers"), changes) if callers else ""
        return tag("section", title, _render_diff(spec.body), told)
    if not spec.body.new:
        return tag("section", title, tag("p", "There is none.", class_="empty"))
    return tag("section", title, tag("p", "It is the same.", class_="empty"), _render_text(spec.body.new))


def _render_text(text: str) -> Html:
    return tag("pre", reveal(text.rstrip("\n")))


def _render_diff(edit: Edit) -> Html:
    kind = "diff" if edit.old and edit.new else "diff single"
    rows = (_render_row(row) for row in diff_rows(edit.old, edit.new))
    return tag("div", tag("table", tag("tbody", rows), class_=kind), class_="scroll")


def _render_row(row: Row) -> Html:
    if row.kind == "gap":
        return tag("tr", tag("td", "⋯", colspan="4"), class_="gap")
    old = _render_side(row.old_line, row.old, "old", "−" if row.kind == "changed" else " ")  # noqa: RUF001
    new = _render_side(row.new_line, row.new, "new", "+" if row.kind == "changed" else " ")
    return tag("tr", old, new, class_=row.kind)


def _render_side(line: int | None, pieces: tuple[Piece, ...], side: str, sign: str) -> Html:
    if line is None:
        return join(tag("td", class_=f"{side} number none"), tag("td", class_=f"{side} none"))
    text = (tag("mark", piece.text) if piece.is_changed else join(piece.text) for piece in pieces)
    mark = tag("span", sign, class_="sign")
    return join(tag("td", str(line), class_=f"{side} number"), tag("td", mark, text, class_=side))


def _render_origin(spec: SpecChange) -> Html:
    if not (spec.origin or spec.result or spec.strength or spec.body.new):
        return Html("")
    facts = ((tag("dt", name), tag("dd", show_message(fact))) for name, fact in list_facts(spec))
    known = tag("dl", (part for pair in facts for part in pair))
    return tag("section", _render_open(spec), tag("h3", "What is known of it"), known, _render_gates(spec.origin))


def _render_open(spec: SpecChange) -> Html:
    return join(_list_choices(spec.origin), _list_survivors(spec))


def _list_choices(origin: Origin | None) -> Iterator[Html]:
    if origin and origin.call:
        yield tag("h3", "Left open by the spec: ", tag("code", reveal(origin.call)))
        for choice in origin.choices:
            yield tag("p", tag("code", reveal(choice.answer)), f" in {choice.bodies} of the bodies; to decide for it:")
            yield _render_text(choice.test or "(no test of a few lines can tell)")


def _list_survivors(spec: SpecChange) -> Iterator[Html]:
    survivors = spec.strength.strength.survivors if spec.strength and spec.strength.strength else ()
    if survivors:
        yield tag("h3", "Changes that no test notices")
        yield tag("ul", (tag("li", tag("code", reveal(str(each)))) for each in survivors))


def _render_gates(origin: Origin | None) -> Html:
    if origin is None or not origin.gates:
        return Html("")
    rows = (
        tag("tr", tag("th", reveal(gate.gate), scope="row"), tag("td", reveal(describe_evidence(gate.evidence))))
        for gate in origin.gates
    )
    table = tag("table", tag("tbody", rows), class_="gates")
    return tag("details", tag("summary", f"{len(origin.gates)} gates said yes"), table)
