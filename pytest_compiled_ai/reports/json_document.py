"""The report as JSON, for programs: docs/report.md says what each field means."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pytest_compiled_ai.reports.changes import ChangeReport, Origin, SpecChange, count_tokens, find_cost
from pytest_compiled_ai.reports.diff import unified_diff
from pytest_compiled_ai.reports.findings import find_all

VERSION = 1
"""Raised where a field goes or changes its meaning; new fields may come at any time."""


def render_json(report: ChangeReport) -> str:
    """Return the whole report; equal reports give equal bytes."""
    document = {
        "version": VERSION,
        "compiler": report.compiler,
        "project": report.project,
        "base": report.base or None,
        "notice": report.notice,
        "prefix": report.prefix,
        "states": dict(sorted(report.states.items())),
        "tokens": report.tokens,
        "cost": report.cost,
        "specs": [_spec(spec) for spec in report.specs],
        "findings": [asdict(finding) for finding in find_all(report)],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _spec(spec: SpecChange) -> dict[str, Any]:
    return {
        "id": spec.id,
        "kind": spec.kind,
        "state": spec.state,
        "path": spec.path,
        "line": spec.line,
        "artifact": spec.artifact,
        "body_line": spec.body_line,
        "inputs": list(spec.inputs),
        "edits": [asdict(edit) for edit in spec.edits],
        "body": {"old": spec.body.old, "new": spec.body.new},
        "diff": unified_diff(spec.body.title, spec.body.old, spec.body.new),
        "origin": _origin(spec.origin) if spec.origin else None,
        "strength": _strength(spec),
        "outcome": spec.result.outcome if spec.result else None,
        "approved": not spec.is_unapproved,
        "message": (spec.result.message if spec.result else "") or spec.message,
        "notes": list(spec.result.notes) if spec.result else [],
        "tokens": count_tokens(spec),
        "cost": find_cost(spec),
    }


def _origin(origin: Origin) -> dict[str, Any]:
    plain = asdict(origin)
    ambiguity = {"call": plain.pop("call"), "choices": plain.pop("choices")}
    return {**plain, "ambiguity": ambiguity if origin.call else None}


def _strength(spec: SpecChange) -> dict[str, Any] | None:
    if spec.strength is None:
        return None
    found = spec.strength.strength
    if found is None:
        return {"problem": spec.strength.problem}
    survivors = [{"line": each.line, "change": str(each.mutant)} for each in found.survivors]
    return {"killed": found.killed, "total": found.total, "survivors": survivors}
