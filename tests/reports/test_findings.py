from __future__ import annotations

from dataclasses import replace

from report_projects import ARTIFACT, DOUBLE, make_full_report, make_report, make_spec, make_strength

from pytest_compiled_ai.reports.changes import Choice, Edit, Finding
from pytest_compiled_ai.reports.findings import RULES, find_all, find_in, gather
from pytest_compiled_ai.reports.model import SpecResult


def said(spec):
    return [(finding.rule, finding.level, finding.message) for finding in find_in(spec)]


NEW_BODY = ("new-body", "note", "the body of double is new, by large")


def test_a_new_body_is_noted_at_its_line():
    (finding,) = find_in(make_spec())
    assert finding == Finding(
        rule="new-body", level="note", path=ARTIFACT, line=6, subject=f"{DOUBLE} ", message=NEW_BODY[2]
    )


def test_a_body_that_is_the_same_is_no_finding():
    assert said(make_spec(body=Edit(title=ARTIFACT, old="x", new="x"))) == []


def test_a_spec_that_is_not_fresh():
    assert said(make_spec(state="stale", message="stale; do it"))[0] == ("not-fresh", "error", "double is stale; do it")


def test_a_spec_that_cannot_be_read():
    assert said(make_spec(state=None, message="why"))[0] == ("unreadable", "error", "why")


def test_a_failed_compile_says_why():
    spec = make_spec(state="missing", message="missing", body=Edit(title=ARTIFACT), origin=None)
    failed = SpecResult(id=DOUBLE, before="missing", outcome="failed", message="no body passed")
    assert said(replace(spec, result=failed)) == [("failed", "error", "double: no body passed")]
    interrupted = replace(failed, outcome="interrupted", message="")
    assert said(replace(spec, result=interrupted)) == [("failed", "error", "double: interrupted")]


def test_a_body_that_no_one_approved():
    assert said(make_spec(is_unapproved=True))[0][:2] == ("not-approved", "error")


def test_a_body_without_a_record():
    assert said(make_spec(origin=None)) == [
        ("no-record", "warning", "no record is about this body of double"),
        ("new-body", "note", "the body of double is new"),
    ]


def test_an_open_question():
    spec = make_spec()
    choices = (Choice(answer="is 1", bodies=2, test=""), Choice(answer="is 2", bodies=1, test=""))
    found = said(replace(spec, origin=replace(spec.origin, call="double(0)", choices=choices)))
    assert found == [
        ("ambiguous", "warning", "the spec leaves open whether `double(0)` is 1, or is 2"), NEW_BODY
    ]  # fmt: skip


def test_changes_for_callers_and_a_weak_tier_belong_to_a_new_body():
    spec = make_spec()
    spec = replace(spec, origin=replace(spec.origin, changes=("double(1) is 3, was 2",), tier=""))
    assert said(spec)[1:] == [
        ("behaviour", "warning", "double answers its callers differently: `double(1) is 3, was 2`"),
        ("jailed", "note", "the tests of double ran beside its body (no tier)"),
    ]
    assert said(replace(spec, body=Edit(title=ARTIFACT, old="x", new="x"))) == []


def test_survivors_stand_at_their_lines():
    found = [each for each in find_in(make_spec(strength=make_strength(survivors=2))) if each.rule == "survivor"]
    assert [(each.line, each.message) for each in found] == [
        (7, "`n * 2` changed to `n + 2` and no test of double fails"),
        (8, "`n * 2` changed to `n + 2` and no test of double fails"),
    ]


def test_the_gravest_come_first_and_every_rule_is_known():
    found = find_all(make_full_report())
    levels = [each.level for each in found]
    assert levels == sorted(levels, key=("error", "warning", "note").index)
    assert {each.rule for each in found} <= {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert find_all(make_report()) == ()


def test_many_of_a_kind_are_one_line():
    spec = make_spec(strength=make_strength(survivors=3), origin=None)
    assert [(each.rule, each.message) for each in gather(find_in(spec))] == [
        ("survivor", "`n * 2` changed to `n + 2` and no test of double fails (and 2 more)"),
        ("no-record", "no record is about this body of double"),
        ("new-body", "the body of double is new"),
    ]
