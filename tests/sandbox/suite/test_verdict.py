from __future__ import annotations

import signal

import pytest

from pytest_compiled_ai.sandbox.jail.job import Confinement, Outcome
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.suite.detail import LONGEST
from pytest_compiled_ai.sandbox.suite.results import FileCoverage, TestRun
from pytest_compiled_ai.sandbox.suite.verdict import read_outcome

CONFINEMENT = Confinement(landlock=7, seccomp=True)
TIER = Tier(confinement=CONFINEMENT, verified=True)

COLLECTED = {"event": "collected", "ids": ["t::a", "t::b"]}
LEFT_ONE = "left 1 of 2 tests without a result"
BROKEN = "INTERNALERROR> KeyError: 1"
FINISHED = {"event": "finished", "exitstatus": 0}


def result(name: str, outcome: str = "passed", kind: str = "", detail: str = "") -> dict[str, object]:
    return {"event": "result", "id": name, "outcome": outcome, "phase": "call", "detail": detail, "kind": kind}


def read(*records, ending="exited", returncode=0, reason="", output="", stop_after=0) -> TestRun:
    outcome = Outcome(
        ending=ending, returncode=returncode, reason=reason, records=records, output=output, seconds=1.0,
        confinement=CONFINEMENT,
    )  # fmt: skip
    return read_outcome(outcome, limits=Limits(), stop_after=stop_after, tier=TIER)


def test_a_run_that_finished() -> None:
    run = read(COLLECTED, {"event": "start", "id": "t::a"}, result("t::a"), result("t::b", "failed"), FINISHED)
    assert (run.status, run.reason, run.running) == ("finished", "", None)
    assert run.collected == ("t::a", "t::b")
    assert [(item.id, item.outcome) for item in run.results] == [("t::a", "passed"), ("t::b", "failed")]
    assert run.tier is TIER


@pytest.mark.parametrize(
    ("records", "options", "status", "reason"),
    [
        ([COLLECTED, result("t::a")], {}, "crashed", "left before its tests were finished (exit status 0)"),
        ([COLLECTED, result("t::a"), FINISHED], {}, "crashed", LEFT_ONE),
        ([COLLECTED, result("t::a"), FINISHED], {"stop_after": 1}, "crashed", LEFT_ONE),
        ([COLLECTED, result("t::a", "failed"), FINISHED], {"stop_after": 1}, "finished", ""),
        ([COLLECTED, result("t::a", "error"), FINISHED], {"stop_after": 2}, "crashed", LEFT_ONE),
        ([FINISHED], {}, "collection", "none of the selected tests was found"),
        ([], {"returncode": -signal.SIGSYS}, "killed", "made a forbidden system call (SIGSYS)"),
        ([], {"returncode": -signal.SIGKILL}, "killed", "killed itself with SIGKILL"),
        ([], {"returncode": -signal.SIGSEGV}, "crashed", "crashed with SIGSEGV"),
        ([], {"returncode": -120}, "killed", "killed itself with signal 120"),
        ([], {"returncode": 3, "output": f"x\n{BROKEN}\n\n"}, "crashed", f"broke pytest: {BROKEN}"),
        ([], {"returncode": 4, "output": "usage\nERROR: no such option\nhint"}, "collection", "ERROR: no such option"),
        ([], {"returncode": 4, "output": "hint"}, "collection", "hint"),
        ([], {"returncode": 4}, "collection", "pytest said nothing"),
        ([COLLECTED], {"returncode": 4}, "crashed", "left before its tests were finished (exit status 4)"),
        ([], {"returncode": 1, "output": "MemoryError"}, "crashed", "used more than 2048 MiB"),
        ([], {"ending": "timeout", "reason": "ran longer than 9 s"}, "timeout", "ran longer than 9 s"),
        ([], {"ending": "overflow", "reason": "wrote too much"}, "overflow", "wrote too much"),
        (
            [{"event": "collect-error", "path": "t.py", "detail": "\nImportError: x\ny"}, FINISHED],
            {},
            "collection",
            "t.py: ImportError: x",
        ),
    ],
)  # fmt: skip
def test_a_run_that_did_not(records, options, status, reason) -> None:
    run = read(*records, **options)
    assert (run.status, run.reason) == (status, reason)


def test_the_test_that_was_on_is_named() -> None:
    start = [{"event": "start", "id": "t::a"}, result("t::a"), {"event": "start", "id": "t::b"}]
    run = read(COLLECTED, *start, ending="timeout", reason="ran longer than 9 s")
    assert (run.running, run.reason) == ("t::b", "ran longer than 9 s in t::b")


def test_a_test_that_lacked_memory_is_explained() -> None:
    run = read({"event": "collected", "ids": ["t::a"]}, result("t::a", "failed", "MemoryError"), FINISHED)
    assert (run.status, run.reason) == ("finished", "used more than 2048 MiB")


def test_of_two_results_the_worse_counts() -> None:
    run = read(COLLECTED, result("t::a", "failed"), result("t::a"), result("t::b"), result("t::b", "error"), FINISHED)
    assert [item.outcome for item in run.results] == ["failed", "error"]


def test_what_is_not_well_formed_is_as_good_as_missing() -> None:
    forged = [{**result("t::a"), "outcome": "great"}, {**result("t::a"), "detail": 3}, {"event": "result"}]
    assert read(COLLECTED, *forged, result("t::b"), FINISHED).status == "crashed"
    assert read({"event": "collected", "ids": 3}, FINISHED).status == "collection"
    assert read({"event": "coverage"}, COLLECTED, FINISHED).coverage is None


def test_a_long_detail_is_cut() -> None:
    run = read(COLLECTED, result("t::a", detail="x" * 10_000), FINISHED)
    assert len(run.results[0].detail) == LONGEST


def test_the_figures_of_the_covered_file() -> None:
    figures = {"executed": [1, 2, "x"], "missing": [3], "missing_branches": [[1, 3], [2, "x"], 4]}
    run = read({"event": "coverage", **figures})
    assert run.coverage == FileCoverage(executed=(1, 2), missing=(3,), missing_branches=((1, 3),))
