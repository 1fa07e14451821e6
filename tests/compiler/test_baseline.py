from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.compiler.baseline import take_baseline
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.types import TypeFault
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import TestResult, TestRun

SPEC = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> int:\n    ...\n"
TIER = Tier(confinement=Confinement(landlock=0, seccomp=False), verified=True)
A, B, C = "specs/it.py::test_a", "specs/it.py::test_b", "specs/it.py::test_c"


BARE = (
    'type-arg: Missing type arguments for generic type "list"',
    'type-arg: Missing type parameters for generic type "list"',
)


def result(test: str, outcome: str = "failed", kind: str = "BaseException", detail: str = "") -> TestResult:
    return TestResult(id=test, outcome=outcome, phase="call", detail=detail, kind=kind)


class Canned:
    def __init__(self, results=(), faults=(), status="finished", reason="", collected=None):
        self.codes = [code.partition(": ") for code in faults]
        ids = tuple(each.id for each in results) if collected is None else collected
        self.found = TestRun(
            status=status, reason=reason, collected=ids, results=tuple(results), running=None, seconds=0.0, output="",
            coverage=None, tier=TIER,
        )  # fmt: skip

    def begin(self, subject, raising):
        return self.found

    def errors_of(self, module, subject):
        return [TypeFault(line=1, text=text or "Bad type", code=code) for code, _, text in self.codes]


@pytest.fixture
def take(bench):
    def baseline(*results, tests=(A,), faults=(), **run):
        raising, subject = bench({"specs/it.py": SPEC}).candidate("f", "    raise BaseException")
        return take_baseline(replace(subject, tests=tests), raising, Canned(results, faults, **run))

    return baseline


def test_tests_are_frozen_with_their_parameters_and_without_the_skipped(take):
    found = take(
        result(f"{A}[1]"), result(f"{A}[2]"), result(B, "passed", ""), result(C, "skipped", ""), tests=(A, B, C)
    )
    assert found.subject.tests == (f"{A}[1]", f"{A}[2]", B)
    assert found.subject.skips == (C,)
    assert found.notes == (f"passes without the function, so it proves nothing: {B}", f"is skipped: {C}")
    assert found.tier == "jailed: limits only"


def test_a_spec_without_tests_says_what_to_add(take):
    with pytest.raises(SpecError, match=r"specs/it.py:\d+: f has no tests; add examples"):
        take(tests=())


def test_what_the_spec_wrote_must_type_check_but_may_be_untyped(take):
    assert take(result(A), faults=["no-untyped-def", *BARE]).subject.tests == (A,)
    with pytest.raises(SpecError, match=r"does not type-check: Bad type \[valid-type\]"):
        take(result(A), faults=["no-untyped-def", "valid-type"])
    with pytest.raises(SpecError, match=r'does not type-check: "list" expects 1 type argument, but 2 given'):
        take(result(A), faults=['type-arg: "list" expects 1 type argument, but 2 given'])


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({"status": "collection", "reason": "No module named 'x'"}, "cannot be collected: No module named 'x'"),
        ({"status": "timeout", "reason": "ran longer than 10 s"}, "do not run without it either: the run ran longer"),
        ({"collected": (B,)}, "pytest does not collect specs/it.py::test_a; is it hidden"),
    ],
)
def test_a_run_that_tells_nothing_is_the_spec_s_fault(take, run, said):
    with pytest.raises(SpecError, match=said):
        take(**run)


@pytest.mark.parametrize("outcome", ["passed", "xpassed"])
def test_tests_that_all_pass_without_the_function_do_not_call_it(take, outcome):
    with pytest.raises(SpecError, match="no test calls f: all 1 pass without it"):
        take(result(A, outcome, ""))


@pytest.mark.parametrize(
    ("outcome", "kind"), [("error", "ValueError"), ("failed", "NameError"), ("failed", "FixtureLookupError")]
)
def test_a_test_that_fails_before_the_call_is_the_spec_s_fault(take, outcome, kind):
    with pytest.raises(SpecError, match=f"{A} fails before it calls f: name 'x' is not"):
        take(result(A, outcome, kind, "\n  name 'x' is not defined\nmore"))
    with pytest.raises(SpecError, match=f"fails before it calls f: {kind}"):
        take(result(A, outcome, kind))


@pytest.mark.parametrize(("outcome", "kind"), [("failed", "AssertionError"), ("error", "BaseException")])
def test_a_test_that_fails_since_there_is_no_body_is_what_is_wanted(take, outcome, kind):
    assert take(result(A, outcome, kind)).subject.tests == (A,)
