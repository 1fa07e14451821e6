from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import HarnessError, SandboxError, SpecError
from pytest_compiled_ai.evaluation.mutants import Mutant
from pytest_compiled_ai.evaluation.strength import Measured, Strength, Survivor, measure_strength, put_in_place
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import Status, TestResult, TestRun
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from pytest_compiled_ai import spec

    LIMIT = 3


    @spec
    def other(n: int) -> int:
        """Return n."""


    @spec
    def clip(n: int = 7) -> int:
        """Return n, or 3 if that is less."""
'''
CLASS = '''
    from pytest_compiled_ai import spec


    @spec
    class Clip:
        """At most 3."""

        limit = 3

        def clip(self, n: int) -> int:
            """Return n, or 3 if that is less."""
            ...
'''
BODY = "    # at most three\n    if n > LIMIT:\n        return LIMIT\n    return n"
TEST = "specs/it.py::test_clip"
SURVIVOR = Mutant(line=2, before="<", after="<=", source="", operator="comparison")


class Judge:
    """Stands for a runner: a text fails, dies or passes as a function of it says."""

    def __init__(self, verdict: Callable[[str], str]) -> None:
        self.verdict, self.asked = verdict, []

    def run(self, module, subject, *, stop_after=0, cover=False):
        self.asked.append((module, stop_after, cover))
        outcome = self.verdict(module)
        status: Status = "finished" if outcome in {"passed", "failed"} else outcome
        results = (TestResult(id=TEST, outcome=outcome, phase="call", detail="", kind=""),)
        return TestRun(
            status=status, reason="did not end", collected=(TEST,), results=results if status == "finished" else (),
            running=None, seconds=0.0, output="", coverage=None,
            tier=Tier(confinement=Confinement(landlock=0, seccomp=False), verified=True),
        )  # fmt: skip


@pytest.fixture
def cut(tmp_path: Path) -> Callable[..., tuple[Candidate, Subject]]:
    def make(spec: str = SPEC, number: int = 1, body: str = BODY) -> tuple[Candidate, Subject]:
        project = Project(load_config(write_project(tmp_path / "example", {"specs/it.py": spec})))
        (file,) = project.files
        artifact = project.blank(file)
        for stub in file.stubs[:number]:
            subject, given = project.subject(file, stub), Body(text="    return LIMIT - n", imports=())
            artifact = assemble(artifact, subject, given, "v1:0")
        subject = replace(project.subject(file, file.stubs[number]), tests=(TEST,))
        written = Body(text=body, imports=())
        return cut_candidate(assemble(artifact, subject, written, "v1:0"), subject, written), subject

    return make


def answers(clip: Callable[[int], int], *numbers: int) -> bool:
    return all(clip(number) == min(number, 3) for number in numbers)


def try_out(*numbers: int) -> Callable[[str], str]:
    """Return a verdict by what the function of these tests answers."""

    def verdict(module: str) -> str:
        names: dict[str, Callable[[int], int]] = {}
        exec(module, names)
        return "passed" if answers(names["clip"], *numbers) else "failed"

    return verdict


def test_what_no_test_notices_survives(cut) -> None:
    candidate, subject = cut()
    judge = Judge(try_out(5))
    strength = measure_strength(candidate, subject, judge)
    lines = candidate.module.split("\n")
    # n == 3 gives the same either way; that n below 3 comes back is not tested.
    assert [(str(each.mutant), lines[each.line - 1]) for each in strength.survivors] == [
        ("`n > LIMIT` changed to `True`", "    if n > LIMIT:"),
        ("`n > LIMIT` changed to `n >= LIMIT`", "    if n > LIMIT:"),
        ("`n` changed to `0`", "    return n"),
    ]
    assert strength.killed == strength.total - 3
    assert strength.total == len(judge.asked) - 1 == 5
    assert str(strength) == "strength 2 of 5 mutants killed (40%)"


def test_a_better_test_kills_more(cut) -> None:
    strength = measure_strength(*cut(), Judge(try_out(5, 2)))
    assert [str(each.mutant) for each in strength.survivors] == ["`n > LIMIT` changed to `n >= LIMIT`"]


def test_only_the_body_of_this_spec_is_changed(cut) -> None:
    candidate, subject = cut()
    judge = Judge(lambda _: "passed")
    measure_strength(candidate, subject, judge)
    original = candidate.module.split("\n")
    for module, _, _ in judge.asked[1:]:
        lines = module.split("\n")
        changed = [number for number, pair in enumerate(zip(original, lines, strict=True), 1) if pair[0] != pair[1]]
        assert len(changed) == 1
        assert candidate.owns(changed[0] - candidate.first_line + 1)
    # The other spec's `LIMIT - n`, the constant and the default of `n` are not this model's work.
    assert not any("LIMIT + n" in module or "= 4" in module or "= 8" in module for module, _, _ in judge.asked)


def test_of_a_class_the_bodies_of_its_methods_are_changed(cut) -> None:
    candidate, subject = cut(CLASS, 0, "        return min(n, self.limit - 0)")
    judge = Judge(lambda _: "passed")
    strength = measure_strength(candidate, subject, judge)
    assert {candidate.module.split("\n")[each.line - 1].strip() for each in strength.survivors} == {
        "return min(n, self.limit - 0)"
    }
    assert all("limit = 3" in module for module, _, _ in judge.asked)


def test_each_run_ends_with_its_first_failure_and_measures_no_coverage(cut) -> None:
    candidate, subject = cut()
    judge = Judge(try_out(5))
    measure_strength(candidate, subject, judge)
    assert {asked[1:] for asked in judge.asked[1:]} == {(1, False)}


@pytest.mark.parametrize("status", ["timeout", "killed", "crashed", "overflow", "collection"])
def test_a_mutant_that_does_not_end_well_is_killed(cut, status) -> None:
    candidate, subject = cut()
    strength = measure_strength(
        candidate, subject, Judge(lambda text: "passed" if text == candidate.module else status)
    )
    assert strength == Strength(killed=5, total=5)


def test_a_limit_holds(cut) -> None:
    candidate, subject = cut()
    judge = Judge(lambda _: "passed")
    assert measure_strength(candidate, subject, judge, limit=2).total == 2
    assert len(judge.asked) == 3


def test_a_body_that_fails_its_tests_is_not_measured(cut) -> None:
    judge = Judge(lambda _: "failed")
    with pytest.raises(SpecError, match=r"clip: its strength says nothing while its body is wrong: a test failed"):
        measure_strength(*cut(), judge)
    assert len(judge.asked) == 1


def test_a_fault_of_the_harness_is_no_kill(cut) -> None:
    candidate, subject = cut()

    def verdict(text: str) -> str:
        if text != candidate.module:
            raise SandboxError("the oracle broke")
        return "passed"

    with pytest.raises(HarnessError, match="the oracle broke"):
        measure_strength(candidate, subject, Judge(verdict))


def test_a_mutant_of_more_lines_takes_the_place_of_the_whole_function(cut) -> None:
    candidate, _ = cut()
    longer = replace(SURVIVOR, source=candidate.function.replace("return n", "return (\n    n)"))
    text = put_in_place(candidate, longer)
    assert text == candidate.module.replace("return n\n", "return (\n    n)\n")


@pytest.mark.parametrize(
    ("suggestion", "said"),
    [
        ("", "line 12: `<` changed to `<=` and no test fails"),
        ("try clip(3)", "line 12: `<` changed to `<=` and no test fails; try clip(3)"),
    ],
)
def test_a_survivor_is_a_line_for_people(suggestion, said) -> None:
    assert str(Survivor(line=12, mutant=SURVIVOR, suggestion=suggestion)) == said


def test_a_rate_is_never_rounded_up_and_nothing_is_all_of_nothing() -> None:
    assert str(Strength(killed=199, total=200)) == "strength 199 of 200 mutants killed (99%)"
    assert Strength(killed=0, total=0).percent == 100


def test_what_was_not_measured_reaches_no_share() -> None:
    half = Measured(id="a", artifact="b", strength=Strength(killed=1, total=2))
    assert half.reaches(50)
    assert not half.reaches(51)
    assert not Measured(id="a", artifact="b", problem="no body").reaches(0)
