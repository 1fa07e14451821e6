from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.gates.execution import Tests, describe_failures, judge_run
from pytest_compiled_ai.sandbox.job import Confinement
from pytest_compiled_ai.sandbox.results import TestResult, TestRun
from pytest_compiled_ai.sandbox.tier import Tier

TIER = Tier(confinement=Confinement(landlock=0, seccomp=False), verified=True)
IDS = ("specs/it.py::test_a", "specs/it.py::test_b")


def result(test: str, outcome: str = "passed", detail: str = "") -> TestResult:
    return TestResult(id=test, outcome=outcome, phase="call", detail=detail, kind="")


class Canned:
    def __init__(self, *results, status="finished", reason=""):
        self.calls = []
        self.found = TestRun(
            status=status, reason=reason, collected=IDS, results=results, running=None, seconds=0.0, output="",
            coverage=None, tier=TIER,
        )  # fmt: skip

    def run(self, module, subject, *, stop_after=0, cover=False):
        self.calls.append((stop_after, cover))
        return self.found


@pytest.fixture
def judge(cut):
    def check(*results, skips=(), **run):
        candidate, subject = cut()
        canned = Canned(*results, **run)
        verdict = Tests(canned).check(candidate, replace(subject, tests=IDS, skips=skips))
        assert canned.calls == [(10, False)]
        return verdict

    return check


def test_all_frozen_tests_must_pass(judge):
    verdict = judge(*map(result, IDS))
    assert verdict.passed
    assert verdict.evidence == {"tests": "2", "tier": "jailed: limits only"}


def test_what_did_not_run_did_not_pass(judge):
    verdict = judge(result(IDS[0]))
    assert (verdict.passed, verdict.score) == (False, 0.5)
    assert verdict.message == "1 tests did not run, the first is test_b."


@pytest.mark.parametrize("outcome", ["failed", "error", "skipped", "xfailed", "xpassed"])
def test_any_other_outcome_is_a_failure(judge, outcome):
    verdict = judge(result(IDS[0]), result(IDS[1], outcome))
    assert verdict.message == f"a test failed: test_b: {outcome}"


def test_a_declared_skip_is_none(judge):
    assert judge(*map(result, IDS), result("specs/it.py::test_c", "skipped"), skips=("specs/it.py::test_c",)).passed


def test_several_failures_are_counted_and_told(judge):
    verdict = judge(result(IDS[0], "failed", "assert 1 == 2"), result(IDS[1], "failed", "assert 3 == 4"))
    assert verdict.message == "2 of 2 tests failed: test_a: assert 1 == 2"
    assert verdict.feedback == "test_a fails:\nassert 1 == 2\n\ntest_b fails:\nassert 3 == 4"


@pytest.mark.parametrize(
    ("detail", "headline"),
    [
        (">>> f(1)\nExpected:\n    1\nGot:\n    2\n", "f(1) gave 2"),
        (">>> f(1)\nExpected:\n    1\nGot:\n", "f(1) gave "),
        (">>> f(1)\nUNEXPECTED EXCEPTION: MemoryError()\nTraceback", "f(1) raised MemoryError()"),
        ("assert <X at 0x7f00> == 1", "assert <X> == 1"),
    ],
)
def test_a_failure_has_a_headline(judge, detail, headline):
    verdict = judge(result(IDS[0]), result(IDS[1], "failed", detail))
    assert verdict.message == f"a test failed: test_b: {headline}"


def test_a_run_that_did_not_end_is_refused_with_its_reason(judge):
    verdict = judge(result(IDS[0]), status="timeout", reason="ran longer than 10 s in specs/it.py::test_b")
    assert verdict.message == "the tests did not end: the candidate ran longer than 10 s in specs/it.py::test_b."
    assert verdict.feedback.startswith("The code ")
    assert verdict.score == 0.5
    assert judge(status="timeout", reason="ran longer than 10 s").feedback == "The code ran longer than 10 s. "


def test_feedback_is_bounded_distinct_and_repeatable():
    same = [result(f"s::t{n}", "failed", f"boom at 0x{n}a") for n in range(9)]
    assert describe_failures(same) == "t0 fails:\nboom"
    many = describe_failures(result(f"s::t{n}", "failed", f"boom {n}") for n in range(9))
    assert many.count("fails:") == 3
    assert len(describe_failures([result("s::t", "failed", "x" * 9000)])) == 1800


def test_nothing_to_run_is_nothing_passed(cut):
    _, subject = cut()
    run = Canned(status="collection", reason="found none").found
    assert judge_run(Tests(Canned()), run, subject).score == 0
