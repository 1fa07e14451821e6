from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.compiler.assembly import RAISING, assemble, cut_candidate
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.compiler.runner import JailedRunner
from pytest_compiled_ai.compiler.tiers import TieredRunner
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.base import Stage
from pytest_compiled_ai.gates.determinism import Determinism
from pytest_compiled_ai.gates.execution import Tests
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import TestResult, TestRun
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.testing import write_project

SEALED = Tier(confinement=Confinement(landlock=7, seccomp=True), verified=True, sealed=True)
IDS = ("specs/it.py::test_a", "specs/it.py::test_b")


def run(*transcripts, outcome="passed", status="finished", reason="", calls=1):
    results = tuple(
        TestResult(id=test, outcome=outcome, phase="call", detail="", kind="", transcript=transcript)
        for test, transcript in zip(IDS, transcripts, strict=False)
    )
    return TestRun(
        status=status, reason=reason, collected=IDS, results=results, running=None, seconds=0.0, output="",
        coverage=None, tier=SEALED, calls={"f": calls},
    )  # fmt: skip


class Canned:
    """One run, whatever is asked."""

    def __init__(self, found, is_sealed=True):
        self.found, self.is_sealed, self.asked = found, is_sealed, []

    def run(self, module, subject, *, stop_after=0, cover=False):
        self.asked.append((stop_after, cover))
        return self.found


@pytest.fixture
def judge(cut):
    def check(found, **more):
        candidate, subject = cut()
        canned = Canned(found, **more)
        verdict = Determinism(canned).check(candidate, replace(subject, tests=IDS))
        assert (verdict.gate, verdict.stage) == ("determinism", Stage.ACCURACY)
        assert canned.asked == ([(0, False)] if canned.is_sealed else [])
        return verdict

    return check


def test_equal_answers_to_equal_calls_pass(judge):
    verdict = judge(run("p:1 q:2", "r:1 q:2"))
    assert verdict.passed
    assert verdict.evidence == {"compared": "3 calls of 2 tests, with two hash seeds"}


def test_other_answers_are_refused_and_the_model_is_told_what_they_come_from(judge):
    verdict = judge(run("p:1", "q:2 q:3"))
    assert (verdict.passed, verdict.score) == (False, 0.5)
    assert verdict.message == "it answers the same call in different ways, first in test_b."
    assert "the order of a set, on hash(), id(), chance, the clock or earlier calls" in verdict.feedback


@pytest.mark.parametrize("given", [("p:1 p:2", "q:1"), ("p:1", "p:2")])
def test_equal_calls_of_one_test_or_of_two_have_equal_answers(judge, given):
    assert "first in test_a" in judge(run(*given)).message


def test_a_run_that_did_not_end_compares_nothing_and_does_not_pass(judge):
    verdict = judge(run("p:1 p:2", status="timeout", reason="ran longer than 10 s"))
    assert not verdict.passed
    assert verdict.message == "the tests did not end: the candidate ran longer than 10 s."


def test_what_fails_is_refused_with_the_reason(judge):
    assert judge(run("x", "y", outcome="failed")).message == "2 of 2 tests failed: test_a: failed"
    assert judge(run("x", "y", calls=0)).message == "no passing test called f."


def test_what_is_jailed_passes_and_says_that_nothing_was_compared(judge):
    verdict = judge(None, is_sealed=False)
    assert verdict.passed
    assert verdict.evidence == {"compared": "nothing: the body was not run from outside"}


SPEC = '''
    import asyncio
    import uuid
    import random
    import time

    import pytest
    from pytest_compiled_ai import spec

    @spec
    async def f(words: list[str], seen: list[str] = []) -> list[str]:
        """Return each word once."""

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_words(count: int) -> None:
        words = ["one", "two", "three", "four", "five", "six"][: 2 * count]
        assert len(asyncio.run(f(words))) >= 2

    def test_again() -> None:
        assert len(asyncio.run(f(["one", "two"]))) == len(asyncio.run(f(["one", "two"])))

    def test_own() -> None:
        assert asyncio.run(f([uuid.uuid4().hex, "x"]))

    def test_many() -> None:
        async def ask() -> list[list[str]]:
            return await asyncio.gather(*(f([f"w{n}", f"v{n}"]) for n in range(8)))
        assert len(asyncio.run(ask())) == 8
'''


@pytest.fixture(scope="module")
def compare(tmp_path_factory):
    """Judge bodies for one spec in workers of two hash seeds, started once."""
    if not detect_sealed_tier().verified:
        pytest.skip("this machine has no sealed tier")
    root = write_project(tmp_path_factory.mktemp("determinism") / "example", {"specs/it.py": SPEC})
    project = Project(load_config(root, timeout=60))
    file, stub = project.find("f")
    tests = tuple(
        f"specs/it.py::{name}"
        for name in ("test_words[1]", "test_words[2]", "test_words[3]", "test_again", "test_many")
    )
    subject = replace(project.subject(file, stub), tests=tests)

    def cut(text):
        body = Body(text=text, imports=())
        return cut_candidate(assemble(project.blank(file), subject, body, "v1:0"), subject, body)

    with Shadow(root) as shadow:
        runner = TieredRunner(project.config, shadow, JailedRunner(shadow, 60))
        runner.begin(subject, cut(RAISING))
        assert runner.is_sealed

        def check(text, tests=tests):
            candidate, chosen = cut(text), replace(subject, tests=tests)
            assert Tests(runner).check(candidate, chosen).passed
            return Determinism(runner).check(candidate, chosen)

        yield check
        runner.end()


@pytest.mark.parametrize(
    "body",
    [
        "    return list(set(words))",
        "    return sorted(words, key=hash)",
        "    return [str(hash(word)) for word in words]",
        "    return [str(id(words)), *words]",
        "    import random\n    return [str(random.random()), *words]",
        "    import time\n    return [str(time.perf_counter_ns()), *words]",
        "    return [repr(object()), *words]",
    ],
)
def test_bodies_that_answer_by_hash_address_chance_or_clock_are_refused(compare, body):
    verdict = compare(body)
    assert not verdict.passed
    assert verdict.message.startswith("it answers the same call in different ways, first in test_")


@pytest.mark.parametrize(
    "body",
    [
        "    return list(dict.fromkeys(words))",
        "    return sorted(set(words))",
    ],
)
def test_bodies_that_answer_by_their_arguments_pass_even_if_tests_ask_at_once(compare, body):
    verdict = compare(body)
    assert verdict.message == ""
    assert verdict.evidence == {"compared": "11 calls of 5 tests, with two hash seeds"}


@pytest.mark.parametrize("body", ["    seen += words[:1]\n", "    seen.append(words[0])\n"])
def test_a_count_kept_in_a_default_is_seen_where_another_test_makes_the_same_call(compare, body):
    verdict = compare(f"{body}    return [str(len(seen)), *words]")
    assert verdict.message == "it answers the same call in different ways, first in test_words[1]."


def test_calls_that_a_test_makes_up_anew_blame_no_body(compare):
    verdict = compare("    return [*words, 'more']", ("specs/it.py::test_own",))
    assert verdict.evidence == {"compared": "1 calls of 1 tests, with two hash seeds"}
