"""The report as Markdown, for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_compiled_ai.reports.changes import ChangeReport, Finding, GateLine, SpecChange, count_tokens
from pytest_compiled_ai.reports.diff import reveal, unified_diff
from pytest_compiled_ai.reports.findings import find_all, gather
from pytest_compiled_ai.reports.summary import (
    describe_base,
    describe_evidence,
    describe_spending,
    describe_states,
    describe_strength,
    list_facts,
    name_state,
    split_code,
)

COMMENT_LIMIT = 65_536
"""What GitHub takes for a comment, in characters; counted in bytes here, which are never fewer."""
_CUT = (
    "\n*{} of {} specs are left out here: the report would be too long. `compiled-ai report --format html` has all.*\n"
)
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_MARKS = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}  # noqa: RUF001


def render_markdown(report: ChangeReport, limit: int = COMMENT_LIMIT) -> str:
    """Return the report; specs for which it would have more than `limit` bytes are left out, and counted."""
    text = _fit("".join(_render_head(report)), limit - 2 * len(_CUT) - 64) + "\n"
    room, left = limit - _size(text) - len(_CUT) - 16, 0
    for section in ("".join(_render_spec(spec)) for spec in report.specs):
        if _size(section) > room:
            left += 1
        else:
            text, room = text + section, room - _size(section)
    return text + _CUT.format(left, len(report.specs)) if left else text


def code(text: str) -> str:
    """Return a text as inline code, in one line, whatever stands in it."""
    line = " ".join(reveal(text).split())
    fence = "`" * (1 + max(map(len, re.findall(r"`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def plain(text: str) -> str:
    """Return a text with nothing of Markdown or HTML in it, in one line, that mentions nobody."""
    return _escape(" ".join(text.split()))


def told(text: str) -> str:
    """Return one of our messages, what stands in backticks as code."""
    return "".join(code(part) if is_code else _escape(part) for part, is_code in split_code(text))


def fenced(language: str, text: str) -> str:
    """Return a text as a block of code, behind a fence that it cannot close."""
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def _escape(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", reveal(text).replace("\n", " "))
    return escaped.replace("@", "@\u200b").replace("://", ":\u200b//")


def _render_head(report: ChangeReport) -> Iterator[str]:
    findings = find_all(report)
    errors = sum(finding.level == "error" for finding in findings)
    yield f"## Compiled specs of {plain(report.project)}\n\n"
    mark = f"{_MARKS['error']} {errors} to mend" if errors else "✅ nothing to mend"
    yield f"{mark}. {plain(describe_base(report))} {plain(describe_states(report))}; "
    yield f"{describe_spending(report.tokens, report.cost)}.\n"
    if report.specs:
        yield "\n| spec | change | state | tier | coverage | strength | tokens |\n|---|---|---|---|---|---|---:|\n"
        yield from (_render_row(spec) for spec in report.specs)
    shown = list(gather(finding for finding in findings if finding.level == "warning"))
    shown = [*(finding for finding in findings if finding.level == "error"), *shown]
    if shown:
        yield "\n### To look at\n\n"
        yield from (_render_finding(finding) for finding in shown)
    if not report.specs:
        yield "\nNo spec changed.\n"


def _render_row(spec: SpecChange) -> str:
    origin = spec.origin
    facts = (plain(origin.tier), plain(origin.coverage)) if origin else ("", "")
    cells = (_cell(spec.id), spec.kind, name_state(spec), *facts, plain(describe_strength(spec)))
    return f"| {' | '.join(cells)} | {count_tokens(spec):,} |\n"


def _cell(text: str) -> str:
    # In a table a bar ends the cell, in code, too.
    return code(text).replace("|", "\\|")


def _render_finding(finding: Finding) -> str:
    return f"- {_MARKS[finding.level]} {code(f'{finding.path}:{finding.line}')} {told(finding.message)}\n"


def _render_spec(spec: SpecChange) -> Iterator[str]:
    yield f"\n### {code(spec.id)}\n\n"
    if spec.inputs:
        yield f"Changed since its body was made: {', '.join(map(code, spec.inputs))}.\n\n"
    if spec.edits:
        diff = "".join(unified_diff(edit.title, edit.old, edit.new) for edit in spec.edits)
        yield f"<details><summary>What changed in the spec</summary>\n\n{fenced('diff', diff)}\n</details>\n\n"
    diff = unified_diff(spec.body.title, spec.body.old, spec.body.new)
    yield fenced("diff", diff) if diff else "The body is the same.\n" if spec.body.new else "There is no body.\n"
    if spec.origin and spec.origin.changes and spec.has_new_body:
        yield "\nWhat changes for callers:\n\n" + "".join(f"- {code(line)}\n" for line in spec.origin.changes)
    if spec.origin and spec.origin.call:
        yield f"\nLeft open by the spec: {code(spec.origin.call)}\n\n"
        yield from (f"- {code(c.answer)}, as {c.bodies} of the bodies say\n" for c in spec.origin.choices)
    if spec.strength and spec.strength.strength and spec.strength.strength.survivors:
        yield "\nNo test notices:\n\n" + "".join(f"- {code(str(s))}\n" for s in spec.strength.strength.survivors)
    if spec.kind != "removed":
        yield "\n<details><summary>Where the body comes from, and what judged it</summary>\n\n"
        yield "".join(f"- {name}: {told(fact)}\n" for name, fact in list_facts(spec))
        yield "".join(f"- gate {code(g.gate)} {plain(describe_evidence(g.evidence))}\n" for g in _gates(spec))
        yield "\n</details>\n"


def _gates(spec: SpecChange) -> Iterator[GateLine]:
    yield from spec.origin.gates if spec.origin else ()


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _fit(text: str, limit: int) -> str:
    if _size(text) <= limit:
        return text
    kept = text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
    return kept.rpartition("\n")[0] + "\n\n*More is left out here: the report would be too long.*\n"
