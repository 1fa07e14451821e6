from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.gates.execution import Tests, describe_failures, judge_run
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import TestResult, TestRun

TIER = Tier(confinement=Confinement(landlock=0, seccomp=False), verified=True)
SEALED = Tier(confinement=Confinement(landlock=7, seccomp=True), verified=True, sealed=True)
IDS = ("specs/it.py::test_a", "specs/it.py::test_b")


def result(test: str, outcome: str = "passed", detail: str = "", kind: str = "") -> TestResult:
    return TestResult(id=test, outcome=outcome, phase="call", detail=detail, kind=kind)


class Canned:
    def __init__(self, *results, status="finished", reason="", tier=TIER, calls=None):
        self.calls = []
        self.found = TestRun(
            status=status, reason=reason, collected=IDS, results=results, running=None, seconds=0.0, output="",
            coverage=None, tier=tier, calls=calls or {},
        )  # fmt: skip

    def run(self, module, subject, *, stop_after=0, cover=False):
        self.calls.append((stop_after, cover))
        return self.found


class Begun(Canned):
    def start(self, module, subject, *, stop_after=0):
        self.calls.append(("start", module, stop_after))

    def abandon(self):
        self.calls.append("abandon")


def test_a_run_is_begun_early_and_abandoned_where_the_runner_can(cut):
    candidate, subject = cut()
    begun, plain = Begun(), Canned()
    for runner in (begun, plain):
        gate = Tests(runner)
        gate.begin(candidate, subject)
        gate.abandon()
    assert (begun.calls, plain.calls) == ([("start", candidate.module, 10), "abandon"], [])


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


@pytest.mark.parametrize("outcome", ["skipped", "xfailed"])
def test_a_skip_or_an_xfail_that_the_body_raised_is_called_so(judge, outcome):
    assert judge(result(IDS[0]), result(IDS[1], outcome, "later")).message == f"a test failed: test_b: {outcome}: later"


@pytest.mark.parametrize("calls", [{}, {"g": 3}, {"f": 0}])
def test_a_stub_that_no_passing_test_called_is_not_validated(judge, calls):
    passed = [*map(result, IDS)]
    assert judge(*passed, tier=SEALED, calls=calls).message == "no passing test called f."
    assert judge(*passed, tier=SEALED, calls={**calls, "f": 1}).passed
    # Beside the body nobody counts; there the coverage of the body is asked for.
    assert judge(*passed, calls=calls).passed


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
        (">>> f(1)\nUNEXPECTED EXCEPTION: UnknownError('SystemExit: 0')\nTraceback", "f(1) raised SystemExit: 0"),
        (
            ">>> f(1)\nUNEXPECTED EXCEPTION: BodyDied('f(1): the body left')\ns.py:1",
            "f(1): the body left",
        ),
        ('>>> f("a")\nUNEXPECTED EXCEPTION: BodyDied("f(\'a\'): the body left")\ns.py:1', "f('a'): the body left"),
        ("ResultRefused: f(1): the result is no data: a `function`", "f(1): the result is no data: a `function`"),
        ("assert <X at 0x7f00> == 1", "assert <X> == 1"),
        ("y" * 900, "y" * 160),
    ],
)
def test_a_failure_has_a_headline(judge, detail, headline):
    verdict = judge(result(IDS[0]), result(IDS[1], "failed", detail))
    assert verdict.message == f"a test failed: test_b: {headline}"


def test_a_run_that_did_not_end_is_refused_with_its_reason(judge):
    verdict = judge(result(IDS[0]), status="timeout", reason="ran longer than 10 s in specs/it.py::test_b")
    assert verdict.message == "the tests did not end: the candidate ran longer than 10 s in specs/it.py::test_b."
    assert verdict.feedback == "The code ran longer than 10 s in test_b. "
    assert verdict.score == 0.5
    assert judge(status="timeout", reason="ran longer than 10 s").feedback == "The code ran longer than 10 s. "


@pytest.mark.parametrize(
    "detail",
    [
        "Hostile: f(1): the body made a forbidden system call (SIGSYS)",
        ">>> f(1)\nUNEXPECTED EXCEPTION: Hostile('f(1): the body made a forbidden system call (SIGSYS)')\ns.py:1",
    ],
)
def test_a_hostile_body_is_called_so_whatever_else_failed(judge, detail):
    hostile = result(IDS[1], "failed", detail, "Hostile")
    verdict = judge(result(IDS[0], "failed", "assert 1 == 2"), hostile, tier=SEALED)
    said = "f(1): the body made a forbidden system call (SIGSYS)."
    assert verdict.message == f"the body is hostile: {said}"
    assert verdict.feedback.startswith(f"The code was killed: {said} Compute the answer from the arguments alone")
    assert (verdict.passed, verdict.score) == (False, 0.0)
    assert judge(result(IDS[0]), hostile, status="timeout", reason="ran longer than 10 s").message == verdict.message


def test_a_hostile_body_in_the_jail_takes_the_run_with_it(judge):
    verdict = judge(result(IDS[0]), status="killed", reason=f"made a forbidden system call (SIGSYS) in {IDS[1]}")
    assert verdict.message == f"the body is hostile: it made a forbidden system call (SIGSYS) in {IDS[1]}."


def test_single_faults_tell_what_was_wanted_and_what_was_given(judge):
    example = ">>> f(1)\nExpected:\n    1\nGot:\n    2\n"
    row = "assert 3 == 4\n+  where 3 = f(2)\nin: assert f(n) == m\nwith: n = 2, m = 4"
    verdict = judge(result(IDS[0], "failed", example), result(IDS[1], "failed", row))
    assert verdict.faults == ("f(1) gave 2, not 1", "assert 3 == 4, where 3 = f(2), with: n = 2, m = 4")
    twice = judge(result(IDS[0], "failed", "assert 0"), result(IDS[1], "failed", "assert 0"))
    assert twice.faults == ("assert 0",)
    assert judge(result(IDS[0])).faults == ("1 tests did not run, the first is test_b.",)


def test_a_run_that_was_cut_short_has_more_failures_than_it_tells(cut):
    _, subject = cut()
    canned = Canned(result(IDS[0], "failed", "no"), result("specs/it.py::test_0", "failed", "no"))
    verdict = judge_run(Tests(canned), canned.found, replace(subject, tests=(*IDS, "specs/it.py::test_c")))
    assert verdict.message == "2 or more of 3 tests failed: test_a: no"


def test_feedback_is_bounded_distinct_and_repeatable(cut):
    _, subject = cut()
    same = [result(f"s::t{n}", "failed", f"boom at 0x{n}a") for n in range(9)]
    assert describe_failures(same, subject) == "t0 fails:\nboom"
    many = describe_failures([result(f"s::t{n}", "failed", f"boom {n}") for n in range(9)], subject)
    assert many.count("fails:") == 3
    assert len(describe_failures([result("s::t", "failed", "x" * 9000)], subject)) == 1800


def test_nothing_to_run_is_nothing_passed(cut):
    _, subject = cut()
    run = Canned(status="collection", reason="found none").found
    assert judge_run(Tests(Canned()), run, subject).score == 0


@pytest.mark.parametrize(
    ("detail", "fault"),
    [
        (">>> f(1)\nExpected:\n    1\nGot:\n    2", "f(1) gave 2, not 1"),
        (
            "assert 2 == 1\n +  where 2 = f(1)\nin: assert f(n) == 1\nwith: n = 1",
            "assert 2 == 1, where 2 = f(1), with: n = 1",
        ),
        ("Failed: DID NOT RAISE ValueError\nin: f(n)\nwith: n = -1", "must raise ValueError with: n = -1"),
        ("Failed: DID NOT RAISE ValueError", "must raise ValueError"),
    ],
)
def test_a_fault_says_what_is_wanted_in_one_line(judge, detail, fault):
    verdict = judge(result(IDS[0], "failed", detail))
    assert verdict.faults[0] == fault
