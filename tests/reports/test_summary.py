from __future__ import annotations

import pytest
from report_projects import make_report

from pytest_compiled_ai.reports.summary import describe_base, describe_evidence, describe_states, split_code


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("plain", [("plain", False)]),
        ("run `a b`; or `c`", [("run ", False), ("a b", True), ("; or ", False), ("c", True)]),
        ("a ` tick", [("a ` tick", False)]),
        ("``", []),
    ],
)
def test_backticks_come_in_pairs_or_are_text(text, pieces):
    assert list(split_code(text)) == pieces


def test_states_are_counted_in_order():
    report = make_report(states={"missing": 2, "fresh": 1, "unreadable": 1})
    assert describe_states(report) == "4 specs: 1 fresh, 2 missing, 1 unreadable"
    assert describe_states(make_report(states={"fresh": 1})) == "1 spec: 1 fresh"


def test_a_base_or_what_is_said_in_its_place():
    assert describe_base(make_report(notice="More.")) == "Compared with main (0123456). More."
    assert describe_base(make_report(base="", notice="None here.")) == "None here."


def test_evidence_is_one_line():
    assert describe_evidence({"ways_through_it": "2", "empty": "", "tests": "3"}) == "ways through it: 2, tests: 3"
