"""The report as SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from pytest_compiled_ai.reports.changes import ChangeReport, Finding
from pytest_compiled_ai.reports.findings import RULES, find_all

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NUMBERS = {rule.id: number for number, rule in enumerate(RULES)}


def render_sarif(report: ChangeReport) -> str:
    """Return the findings of a report as one SARIF run; its paths are relative to the top of the repository."""
    rules = [
        {
            "id": rule.id,
            "name": "".join(word.capitalize() for word in rule.id.split("-")),
            "shortDescription": {"text": rule.text},
            "help": {"text": rule.help},
        }
        for rule in RULES
    ]
    driver = {"name": "pytest-compiled-ai", "version": report.compiler, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "compiled-ai/"},
        "columnKind": "unicodeCodePoints",
        "results": [_make_result(report, finding) for finding in find_all(report)],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _make_result(report: ChangeReport, finding: Finding) -> dict[str, Any]:
    path = {"uri": quote(report.prefix + finding.path), "uriBaseId": "%SRCROOT%"}
    return {
        "ruleId": finding.rule,
        "ruleIndex": _NUMBERS[finding.rule],
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": path, "region": {"startLine": finding.line}}}],
        # By what it is about, and not by its line: it stays the same finding where text above it is added.
        "partialFingerprints": {"compiledAiFinding/v1": _fingerprint(finding)},
    }


def _fingerprint(finding: Finding) -> str:
    return hashlib.sha256(f"{finding.rule}\0{finding.subject}".encode("utf-8", "replace")).hexdigest()[:32]
