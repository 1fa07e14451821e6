"""What of a report needs a person, each at a place: the annotations of a pull request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pytest_compiled_ai.compiler.approved import NOT_APPROVED
from pytest_compiled_ai.compiler.project import Project, describe_foreign, find_foreign_code, find_orphans
from pytest_compiled_ai.reports.changes import ChangeReport, Finding, Level, SpecChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of finding: a name that stays, what it is about, and what to do."""

    id: str
    text: str
    help: str


RULES = (
    Rule(
        id="not-fresh",
        text="A spec has no body, or not the one that it asks for.",
        help="Run `pytest --compile-ai` and commit what it writes.",
    ),
    Rule(id="unreadable", text="A spec cannot be read.", help="Mend what the message names."),
    Rule(id="failed", text="A compile found no body that passes.", help="Run `compiled-ai explain` on the spec."),
    Rule(id="not-approved", text="No one has approved a body.", help="Run `compiled-ai review`."),
    Rule(
        id="stray-code",
        text="Code stands in a generated module that no spec asks for.",
        help="Run `compiled-ai prune`; what a person wrote there belongs into a module of its own.",
    ),
    Rule(
        id="no-record",
        text="No record says where a body came from and what judged it.",
        help="Run `compiled-ai verify`; compile anew, or adopt the body.",
    ),
    Rule(
        id="ambiguous",
        text="Bodies that pass every gate differ: the spec leaves a case open.",
        help="Add a test that decides; `compiled-ai explain` has one for each answer.",
    ),
    Rule(
        id="survivor",
        text="A small change of a body fails no test.",
        help="Add a test or an example on which the two differ, if there is one.",
    ),
    Rule(id="behaviour", text="A new body answers its callers differently.", help="Make sure that this is wanted."),
    Rule(
        id="jailed",
        text="The tests ran beside the body, which could forge their verdict.",
        help="Read the body with care.",
    ),
    Rule(id="new-body", text="A body is new, or changed.", help="Review it: its diff is in the report."),
)
"""Every kind of finding there is; SARIF lists them all."""


def find_all(report: ChangeReport) -> tuple[Finding, ...]:
    """Return all findings of a report, the gravest first."""
    found = [*report.stray, *(finding for spec in report.specs for finding in find_in(spec))]
    return tuple(sorted(found, key=lambda finding: ("error", "warning", "note").index(finding.level)))


def gather(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield one finding for those of one rule in one file: the first, which says how many more there are."""
    groups = defaultdict[tuple[str, str], list[Finding]](list)
    for finding in findings:
        groups[finding.rule, finding.path].append(finding)
    for first, *more in groups.values():
        yield replace(first, message=f"{first.message} (and {len(more)} more)") if more else first


def find_in(spec: SpecChange) -> Iterator[Finding]:
    """Yield what is to be said of one spec."""

    def at_spec(rule: str, level: Level, message: str, key: str = "") -> Finding:
        return Finding(
            rule=rule, level=level, path=spec.path, line=spec.line, subject=f"{spec.id} {key}", message=message
        )

    name = spec.id.rpartition("::")[2]
    if spec.state is None and spec.message:
        yield at_spec("unreadable", "error", spec.message)
    if spec.result and spec.result.outcome in {"failed", "interrupted"}:
        yield at_spec("failed", "error", f"{name}: {spec.result.message or spec.result.outcome}")
    elif spec.state and spec.message:
        yield at_spec("not-fresh", "error", f"{name} is {spec.message}")
    if spec.is_unapproved and spec.body.new:
        yield at_spec("not-approved", "error", f"{name} is {NOT_APPROVED}")
    if spec.origin and spec.origin.call:
        answers = ", or ".join(choice.answer for choice in spec.origin.choices)
        yield at_spec("ambiguous", "warning", f"the spec leaves open whether `{spec.origin.call}` {answers}")
    yield from _find_in_body(spec, name)


def _find_in_body(spec: SpecChange, name: str) -> Iterator[Finding]:
    def at_body(rule: str, level: Level, message: str, line: int = spec.body_line, key: str = "") -> Finding:
        return Finding(
            rule=rule, level=level, path=spec.artifact, line=line, subject=f"{spec.id} {key}", message=message
        )

    for survivor in spec.strength.strength.survivors if spec.strength and spec.strength.strength else ():
        change = str(survivor.mutant)
        yield at_body("survivor", "warning", f"{change} and no test of {name} fails", survivor.line, change)
    if not spec.body.new:
        return
    if spec.origin is None:
        yield at_body("no-record", "warning", f"no record is about this body of {name}")
    if spec.has_new_body:
        written = spec.origin and (spec.origin.model or spec.origin.provider)
        yield at_body("new-body", "note", f"the body of {name} is new{f', by {written}' if written else ''}")
    for line in spec.origin.changes if spec.origin and spec.has_new_body else ():
        yield at_body("behaviour", "warning", f"{name} answers its callers differently: `{line}`", key=line)
    if spec.origin and spec.has_new_body and spec.origin.tier != "sealed":
        yield at_body("jailed", "note", f"the tests of {name} ran beside its body ({spec.origin.tier or 'no tier'})")


def find_stray(project: Project) -> Iterator[Finding]:
    """Yield what is wrong beside the specs: spec files that cannot be read, orphans, code of no spec."""
    root = project.config.root
    for problem in project.problems:
        path = problem.path.relative_to(root).as_posix()
        message = problem.message.removeprefix(f"{path}:{problem.line}: ")
        yield Finding(rule="unreadable", level="error", path=path, line=problem.line, subject=path, message=message)
    for orphan in find_orphans(project.config, project.files):
        path = orphan.relative_to(root).as_posix()
        message = "no spec stands behind this file: run `compiled-ai prune`"
        yield Finding(rule="stray-code", level="error", path=path, line=1, subject=path, message=message)
    for file in project.files:
        path = file.target.relative_to(root).as_posix()
        for found in find_foreign_code(file):
            message = describe_foreign(file, root, found).removeprefix(f"{path}:{found.line} is ")
            yield Finding(
                rule="stray-code", level="error", path=path, line=found.line,
                subject=f"{path} {found.what}", message=message,
            )  # fmt: skip
