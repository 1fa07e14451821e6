"""The report as GitHub Actions takes it: annotations by workflow commands, and the summary of the step.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.reports.changes import ChangeReport, Finding, Level
from pytest_compiled_ai.reports.findings import find_all
from pytest_compiled_ai.reports.markdown import render_markdown

PER_KIND = 10
"""GitHub shows so many annotations of one kind for a step; three kinds stay below the 50 that it shows for a run."""
SUMMARY_LIMIT = 1024 * 1024
"""Bytes that a step's summary may have, with what stood in it before."""
_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}


def render_commands(report: ChangeReport) -> str:
    """Return a workflow command for each finding, a line each; the last of a kind counts those beyond the limit."""
    findings = find_all(report)
    return "".join(f"{line}\n" for level in _COMMANDS for line in _render_kind(report, findings, level))


def write_summary(report: ChangeReport, path: Path) -> None:
    """Add the report to the summary of the step, as far as that has room.

    Raises:
        ConfigError: the file cannot be written.
    """
    try:
        used = path.stat().st_size if path.exists() else 0
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(render_markdown(report, SUMMARY_LIMIT - used - 1) + "\n" if used < SUMMARY_LIMIT // 2 else "")
    except OSError as error:
        raise ConfigError(f"the step's summary {path} cannot be written ({error.strerror or error}).") from None


def _render_kind(report: ChangeReport, findings: tuple[Finding, ...], level: Level) -> Iterator[str]:
    found = [finding for finding in findings if finding.level == level]
    room = PER_KIND if len(found) <= PER_KIND else PER_KIND - 1
    for finding in found[:room]:
        place = f"file={_property(report.prefix + finding.path)},line={finding.line}"
        title = _property(f"compiled-ai: {finding.rule}")
        yield f"::{_COMMANDS[level]} {place},title={title}::{_data(finding.message)}"
    if rest := found[room:]:
        yield f"::{_COMMANDS[level]} title=compiled-ai::{len(rest)} more; the summary of this step has all of them"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
