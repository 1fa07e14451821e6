from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.compiler.confirm import Confirm, Coverage, measure_body
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import FileCoverage, TestResult, TestRun

SPEC = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> int:\n    ...\n"
TEST = "specs/it.py::test_a"
TIER = Tier(confinement=Confinement(landlock=0, seccomp=False), verified=True)


class Canned:
    def __init__(self, coverage, outcome="passed"):
        self.coverage, self.outcome = coverage, outcome

    def run(self, module, subject, *, stop_after=0, cover=False):
        assert cover
        result = TestResult(id=TEST, outcome=self.outcome, phase="call", detail="boom", kind="")
        return TestRun(
            status="finished", reason="", collected=(TEST,), results=(result,), running=None, seconds=0.0, output="",
            coverage=self.coverage, tier=TIER,
        )  # fmt: skip


@pytest.fixture
def confirm(bench):
    candidate, subject = bench({"specs/it.py": SPEC}).candidate("f", "    if n:\n        return 1\n    return 0")
    first = candidate.first_line

    def check(coverage, outcome="passed"):
        return Confirm(Canned(coverage, outcome)).check(candidate, replace(subject, tests=(TEST,)))

    check.candidate, check.first = candidate, first
    return check


def found(executed, missing=(), branches=()):
    return FileCoverage(executed=tuple(executed), missing=tuple(missing), missing_branches=tuple(branches))


def test_a_body_that_was_run_is_confirmed_with_its_coverage(confirm):
    line = confirm.first
    verdict = confirm(found([1, line, line + 1, line + 2], [line + 3], [(line + 1, line + 3), (1, 2)]))
    assert verdict.passed
    assert verdict.evidence == {
        "coverage": "2/3 lines, 1 branches not taken",
        "unreached": "4",
        "tier": "jailed: limits only",
        "tests": "1",
    }


@pytest.mark.parametrize("executed", [None, [], [1]])
def test_a_body_that_no_test_ran_is_refused(confirm, executed):
    verdict = confirm(None if executed is None else found([*executed, confirm.first]))
    assert not verdict.passed
    assert verdict.message == "no passing test ran a line of the body."


def test_a_test_that_fails_now_refuses_the_body(confirm):
    assert confirm(found([1]), "failed").message == "a test failed: test_a: boom"


def test_coverage_counts_the_body_alone(confirm):
    line = confirm.first
    coverage = measure_body(found([line, line + 1, line + 2, line + 3, line + 9]), confirm.candidate)
    assert coverage == Coverage(lines=3, executed=3, unreached=(), branches=0)
    assert str(coverage) == "3/3 lines"
