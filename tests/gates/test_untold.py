from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.gates.base import HeldOut, name_example
from pytest_compiled_ai.gates.determinism import Determinism
from pytest_compiled_ai.gates.execution import Tests, describe_failures, judge_run
from pytest_compiled_ai.gates.untold import is_held, shown_first, tell_kind, tell_name, tell_reason
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import TestResult, TestRun

TIER = Tier(confinement=Confinement(landlock=0, seccomp=False), verified=True)
DOC, SHOWN, HELD = "specs/it.py::f", "specs/it.py::test_row[1-one]", "specs/it.py::test_row[77-secret]"
SECRETS = ("secret", "77")


def result(test, outcome="failed", detail="", kind="AssertionError", transcript=""):
    return TestResult(id=test, outcome=outcome, phase="call", detail=detail, kind=kind, transcript=transcript)


def run(*results, status="finished", reason="", running=None, calls=1):
    return TestRun(
        status=status, reason=reason, collected=(), results=results, running=running, seconds=0.0, output="",
        coverage=None, tier=TIER, calls={"f": calls},
    )  # fmt: skip


@pytest.fixture
def subject(cut):
    names = frozenset({HELD, name_example(DOC, '>>> f(77)  # "secret"')})
    return replace(cut()[1], tests=(DOC, SHOWN, HELD), held=HeldOut(names=names))


FAILURES = [
    (result(HELD, detail="assert 'secret' == 77\n+  where 77 = f('secret')\nwith: text = 'secret'"), "AssertionError"),
    (result(HELD, "error", "E secret", "ValueError"), "ValueError"),
    (result(HELD, "skipped", "secret", "Skipped"), "an exception"),
    (result(HELD, "failed", "secret77", "secret77"), "an exception"),
    (result(HELD, "failed", "BodyDied: f('secret'): the body left", "BodyDied"), "BodyDied"),
    (result(HELD, "failed", "Failing test case: test_row(text='secret')", "print"), "an exception"),
    (
        result(DOC, "failed", '>>>  f(77)  # "secret"\nExpected:\n    77\nGot:\n    1', "DocTestFailure"),
        "DocTestFailure",
    ),
    (
        result(DOC, "failed", '>>> f(77)  # "secret"\nUNEXPECTED EXCEPTION: KeyError(77)\n', "UnexpectedException"),
        "KeyError",
    ),
    (
        result(DOC, "failed", ">>> f(77) # \"secret\"\nUNEXPECTED EXCEPTION: secret('77')", "UnexpectedException"),
        "an exception",
    ),
    (result(DOC, "failed", "secret 77", "Failed"), "Failed"),
    (result(DOC, "failed", "", "Failed"), "Failed"),
]


@pytest.mark.parametrize(("failure", "kind"), FAILURES)
def test_of_a_held_out_test_only_the_kind_of_its_failure_is_told(subject, failure, kind):
    assert is_held(failure, subject)
    verdict = judge_run(Tests(None), run(failure), subject)
    assert verdict.faults == (f"a held-out test fails: {kind}",)
    assert verdict.feedback.startswith(f"a held-out test fails: {kind}. Follow the rules of the docstring")
    assert verdict.message.startswith("a held-out test failed: ")
    assert not any(secret in said for secret in SECRETS for said in (verdict.feedback, *verdict.faults))


def test_a_shown_example_of_the_same_docstring_is_told_in_full(subject):
    failure = result(DOC, "failed", ">>> f(1)\nExpected:\n    1\nGot:\n    2", "DocTestFailure")
    assert not is_held(failure, subject)
    assert judge_run(Tests(None), run(failure), subject).message == "a test failed: f: f(1) gave 2"
    everything = replace(subject, held=HeldOut())
    assert not any(is_held(failure, everything) for failure, _ in FAILURES)


def test_shown_failures_come_first_and_held_out_ones_once(subject):
    shown = result(SHOWN, detail="assert 1 == 'one'")
    failures = [result(HELD, detail="77"), result(HELD, detail="78"), shown]
    assert shown_first(failures, subject)[0] is shown
    verdict = judge_run(Tests(None), run(*failures), subject)
    assert verdict.message == "3 of 3 tests failed: test_row[1-one]: assert 1 == 'one'"
    assert verdict.faults == ("assert 1 == 'one'", "a held-out test fails: AssertionError")
    told = verdict.feedback.split("\n\n")
    assert told[0] == "test_row[1-one] fails:\nassert 1 == 'one'"
    assert len(told) == 2
    shown_only = [result(f"{SHOWN}{n}", detail=f"boom {n}") for n in range(3)]
    assert "held-out" not in describe_failures([*shown_only, *failures[:1]], subject)


@pytest.mark.parametrize("running", [HELD, DOC, None])
@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        ("timeout", "ran longer than 10 s", "ran longer than 10 s"),
        ("crashed", "broke pytest: KeyError: 'secret77'", "broke pytest"),
        ("collection", "specs/it.py: test_row[77-secret] is wrong", "specs/it.py"),
        ("killed", "made a forbidden system call (SIGSYS)", "made a forbidden system call (SIGSYS)"),
    ],
)
def test_a_run_that_did_not_end_says_nothing_of_a_held_out_test(subject, status, reason, told, running):
    whole = f"{reason} in {running}" if running else reason
    ended = run(result(HELD, detail="secret"), status=status, reason=whole, running=running)
    verdict = judge_run(Tests(None), ended, subject)
    where = {HELD: " in a held-out test", DOC: " in f", None: ""}[running]
    assert f"{told}{where}." in verdict.feedback
    assert whole in verdict.message
    assert not any(secret in said for secret in SECRETS for said in (verdict.feedback, *verdict.faults))
    everything = replace(subject, held=HeldOut())
    assert tell_reason(whole, running, everything) == whole.replace("specs/it.py::", "")


@pytest.mark.parametrize("others", [(), (result(SHOWN, detail="Hostile: f(1): it called", kind="Hostile"),)])
def test_a_body_that_is_hostile_in_a_held_out_test_is_not_told_where(subject, others):
    hostile = result(HELD, detail="Hostile: f('secret'): it called", kind="Hostile")
    verdict = judge_run(Tests(None), run(hostile, *others), subject)
    told = "f(1): it called" if others else "a held-out test fails: Hostile"
    assert verdict.faults == (f"The code was killed: {told}.",)
    assert verdict.feedback.startswith(verdict.faults[0])
    assert (
        verdict.message
        == f"the body is hostile: {'f(1)' if others else chr(39).join(('f(', 'secret', ')'))}: it called."
    )


def test_a_held_out_test_that_did_not_run_has_no_name(subject):
    verdict = judge_run(Tests(None), run(result(DOC, "passed"), result(SHOWN, "passed")), subject)
    assert verdict.message == "1 tests did not run, the first is test_row[77-secret]."
    assert verdict.faults == (verdict.feedback,) == ("1 tests did not run, the first is a held-out test.",)


class Sealed:
    is_sealed = True

    def __init__(self, found):
        self._found = found

    def run(self, module, subject, *, stop_after=0, cover=False):
        return self._found


@pytest.mark.parametrize("fickle", [(HELD,), (HELD, SHOWN)])
def test_different_answers_in_a_held_out_test_are_told_without_its_name(cut, subject, fickle):
    results = [result(test, "passed") for test in subject.tests]
    told = [replace(each, transcript="q:1 q:2") if each.id in fickle else each for each in results]
    verdict = Determinism(Sealed(run(*told))).check(cut()[0], subject)
    name = "test_row[1-one]" if SHOWN in fickle else "a held-out test"
    assert verdict.faults[0] == f"it answers the same call in different ways, first in {name}."
    assert verdict.feedback.startswith(verdict.faults[0])
    assert verdict.message.endswith("first in test_row[1-one]." if SHOWN in fickle else "first in test_row[77-secret].")


def test_names_and_kinds(subject):
    assert tell_name("bare", subject) == "bare"
    assert tell_name(SHOWN, subject) == "test_row[1-one]"
    assert tell_kind(result(HELD, kind="TypeError")) == "a held-out test fails: TypeError"
