"""The report as one page: it needs no script, nothing from elsewhere, and shows every text as text."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from pytest_compiled_ai.reports.changes import ChangeReport, Finding, SpecChange
from pytest_compiled_ai.reports.diff import reveal
from pytest_compiled_ai.reports.findings import find_all, find_in, gather
from pytest_compiled_ai.reports.html_spec import badge, render_spec, show_message, state_badge
from pytest_compiled_ai.reports.markup import Html, join, tag
from pytest_compiled_ai.reports.summary import describe_base, describe_states

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A page that runs nothing and fetches nothing, whatever might slip into it."""


def render_page(report: ChangeReport) -> str:
    """Return the whole page."""
    title = f"Compiled specs of {report.project}"
    style = files("pytest_compiled_ai.reports").joinpath("report.css").read_text(encoding="utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", reveal(title)),
        tag("style", Html(style)),
    )
    articles = (render_spec(number, spec) for number, spec in enumerate(report.specs))
    main = tag("main", _render_head(report, title), _render_findings(report), _render_contents(report), articles)
    foot = tag(
        "footer",
        f"compiled-ai {report.compiler}. Gates are shown as the records beside the bodies name them; ",
        tag("code", "compiled-ai verify"),
        " runs them again.",
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', main, foot), lang='en')}\n"


def _render_head(report: ChangeReport, title: str) -> Html:
    findings = find_all(report)
    errors, warnings = (sum(finding.level == level for finding in findings) for level in ("error", "warning"))
    changed = sum(spec.kind in {"added", "changed", "removed"} for spec in report.specs)
    cards = (
        _card("changed" if report.base else "specs", str(changed if report.base else len(report.specs)), ""),
        _card("to mend", str(errors), "error" if errors else "good"),
        _card("to look at", str(warnings), "warning" if warnings else "good"),
        _card("tokens" if report.cost is None else f"tokens, cost {report.cost:.4f}", f"{report.tokens:,}", ""),
    )
    return tag(
        "header",
        tag("h1", reveal(title)),
        tag("p", reveal(f"{describe_base(report)} {describe_states(report)}.")),
        tag("div", cards, class_="cards"),
    )


def _card(name: str, value: str, mood: str) -> Html:
    return tag("div", tag("strong", value), tag("span", name), class_=f"card {mood}".strip())


def _render_findings(report: ChangeReport) -> Html:
    findings = find_all(report)
    warnings = gather(finding for finding in findings if finding.level == "warning")
    shown = [*(finding for finding in findings if finding.level == "error"), *warnings]
    if not shown:
        return Html("")
    return tag("section", tag("h2", "To look at"), tag("ul", map(_render_finding, shown), class_="findings"))


def _render_finding(finding: Finding) -> Html:
    place = tag("code", reveal(f"{finding.path}:{finding.line}"))
    return tag("li", badge(finding.level, finding.level), " ", place, " ", show_message(finding.message))


def _render_contents(report: ChangeReport) -> Html:
    if not report.specs:
        return tag("p", "No spec changed.", class_="empty")
    rows = (_render_row(number, spec) for number, spec in enumerate(report.specs))
    names = ("spec", "change", "state", "tier", "coverage", "")
    head = tag("tr", (tag("th", name, scope="col") for name in names))
    return tag("nav", tag("h2", "Specs"), tag("table", tag("thead", head), tag("tbody", rows)), aria_label="Specs")


def _render_row(number: int, spec: SpecChange) -> Html:
    origin = spec.origin
    cells = (
        tag("a", reveal(spec.id), href=f"#spec-{number}"),
        badge(spec.kind, "kind"),
        state_badge(spec),
        reveal(origin.tier) if origin else "",
        reveal(origin.coverage) if origin else "",
        join(_count(spec)),
    )
    return tag("tr", (tag("td", cell) for cell in cells))


def _count(spec: SpecChange) -> Iterator[Html]:
    levels = [finding.level for finding in find_in(spec)]
    for level in ("error", "warning"):
        if number := levels.count(level):
            yield badge(f"{number} {level}{'' if number == 1 else 's'}", level)
