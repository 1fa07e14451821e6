from __future__ import annotations

import json
from dataclasses import replace

from report_projects import DOUBLE, make_full_report, make_report, make_spec, make_strength

from pytest_compiled_ai.evaluation.strength import Measured
from pytest_compiled_ai.reports.json_document import VERSION, render_json
from pytest_compiled_ai.reports.model import SpecResult


def test_all_of_a_report_is_in_it():
    document = json.loads(render_json(make_full_report()))
    assert (document["version"], document["project"], document["base"]) == (VERSION, "example", "main (0123456)")
    assert (document["tokens"], document["cost"], document["states"]) == (1234, 0.0123, {"fresh": 3})
    double, shout, gone = document["specs"]
    assert double["id"] == DOUBLE
    assert double["origin"]["ambiguity"]["call"] == "double(0)"
    assert double["origin"]["ambiguity"]["choices"][1] == {"answer": "is 2", "bodies": 1, "test": ""}
    assert double["origin"]["gates"][1] == {"gate": "tests", "evidence": {"tests": "2"}}
    assert double["strength"] == {
        "killed": 3, "total": 4, "survivors": [{"line": 7, "change": "`n * 2` changed to `n + 2`"}]
    }  # fmt: skip
    assert double["diff"].endswith("-return n + n\n+return n * 2\n")
    assert (shout["origin"], shout["state"], shout["message"]) == (None, "missing", "missing; run `x`")
    assert (gone["kind"], gone["state"], gone["strength"]) == ("removed", None, None)
    assert {finding["rule"] for finding in document["findings"]} > {"stray-code", "survivor", "new-body"}


def test_a_run_is_told_by_its_results():
    result = SpecResult(id=DOUBLE, before="stale", outcome="failed", message="why", notes=("n",), prompt_tokens=3)
    (spec,) = json.loads(render_json(make_report(make_spec(result=result))))["specs"]
    assert (spec["outcome"], spec["message"], spec["notes"], spec["tokens"], spec["cost"]) == (
        "failed",
        "why",
        ["n"],
        3,
        None,
    )


def test_what_is_not_known_is_null():
    document = json.loads(render_json(make_report(make_spec(), base="", notice="none")))
    (spec,) = document["specs"]
    assert (document["base"], document["notice"]) == (None, "none")
    assert (spec["outcome"], spec["origin"]["ambiguity"], spec["approved"]) == (None, None, True)
    assert spec["strength"] is None


def test_a_strength_that_could_not_be_measured_says_why():
    measured = Measured(id=DOUBLE, artifact="", problem="no body")
    (spec,) = json.loads(render_json(make_report(make_spec(strength=measured))))["specs"]
    assert spec["strength"] == {"problem": "no body"}
    (spec,) = json.loads(render_json(make_report(make_spec(strength=make_strength(survivors=0)))))["specs"]
    assert spec["strength"] == {"killed": 3, "total": 3, "survivors": []}


def test_equal_reports_give_equal_bytes():
    spec = make_spec()
    assert render_json(make_report(spec)) == render_json(make_report(replace(spec)))
