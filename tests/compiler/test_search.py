from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from pytest_compiled_ai.compiler.attempts import Attempt, best_of
from pytest_compiled_ai.compiler.prompt import begin_reply
from pytest_compiled_ai.compiler.search import (
    PATTERNS,
    PLAIN,
    RULES_FIRST,
    STEP_BY_STEP,
    approaches_to,
    next_question,
)
from pytest_compiled_ai.gates.base import Stage, Verdict
from pytest_compiled_ai.providers.base import Message

FIRST = (Message(role="system", content="s"), Message(role="user", content="write f"))


@pytest.fixture
def read(bench):
    """Return a function that reads the one stub of a spec file."""

    def read(header):
        made = bench({"specs/f.py": f'from pytest_compiled_ai import spec\n\n@spec\n{header}\n    """Do."""\n'})
        return made.subject("f").stub

    return read


@pytest.fixture
def stub(read):
    return read("def f(n: int) -> int:")


def attempt(number, question, score, *, gates=0, stage=Stage.EXECUTION, faults=()):
    yes = Verdict(gate="g", stage=Stage.OUTPUT, passed=True, score=1.0)
    no = Verdict(
        gate="g",
        stage=stage,
        passed=False,
        message=f"fault at {score}",
        feedback=f"fault {number}",
        faults=faults,
        score=score,
    )
    return Attempt(
        number=number, request=question.request, reply=f"reply {number}", candidate=None, verdicts=(*[yes] * gates, no),
        prompt_tokens=1, completion_tokens=1, seconds=0.0, repairs=question.repairs,
    )  # fmt: skip


def search(stub, scores, **more):
    attempts = []
    for number, score in enumerate(scores, 1):
        attempts.append(attempt(number, next_question(FIRST, attempts, 1, stub), score, **more))
    return attempts


@pytest.mark.parametrize("stage", [Stage.SYNTAX, Stage.EXECUTION])
def test_every_approach_is_tried_greedily_then_samples_and_repairs_take_turns(stub, stage):
    attempts = search(stub, [0.5] * 16, stage=stage)
    requests = [item.request for item in attempts]
    approaches = approaches_to(stub)
    greedy = [item.request for item in attempts if not item.repairs][: len(approaches)]
    assert [request.temperature for request in greedy] == [0.0] * len(approaches)
    assert [request.opening for request in greedy] == [way.opening for way in approaches]
    assert [request.hint for request in greedy] == [way.hint for way in approaches]
    assert [request.first for request in requests] == [True] + [False] * 15
    assert len({request.seed for request in requests}) == len(requests)
    assert all(0 < request.temperature <= 1 for request in requests if request not in greedy)
    assert [item.number for item in attempts if item.repairs] == [2, 4, 8, 12, 16]
    assert all(request.prefill == begin_reply(stub) for request in requests)
    again = [next_question(FIRST, attempts[:number], 1, stub).request for number in range(16)]
    assert requests == again


def test_later_samples_go_round_the_approaches(stub):
    fresh = [item.request.hint for item in search(stub, [0.0] * 20) if not item.repairs]
    approaches = [way.hint for way in approaches_to(stub)]
    assert fresh == list(itertools.islice(itertools.cycle(approaches), len(fresh)))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("def f(n: int, s: list[str]) -> str:", (PLAIN, RULES_FIRST, STEP_BY_STEP)),
        ("def f(n: int, *, s: str) -> int:", (PLAIN, RULES_FIRST, PATTERNS, STEP_BY_STEP)),
        ("def f(n, s):", (PLAIN, RULES_FIRST, STEP_BY_STEP)),
    ],
)
def test_patterns_are_proposed_where_text_comes_in(read, header, expected):
    assert approaches_to(read(header)) == expected


def test_the_most_promising_attempt_is_repaired_a_later_gate_before_a_better_score(stub):
    ask = next_question(FIRST, [], 1, stub)
    attempts = [attempt(1, ask, 0.9), attempt(2, ask, 0.1, gates=3), attempt(3, ask, 1.0)]
    assert best_of(attempts) is attempts[1]
    question = next_question(FIRST, attempts, 1, stub)
    assert question.repairs == 2
    assert question.request.messages[-2].content.startswith("reply 2")
    assert "fault 2" in question.request.messages[-1].content
    assert best_of([]) is None


def test_a_repair_that_did_not_help_makes_room_for_another_candidate(stub):
    # A last digit keeps equals apart: the repaired attempts are no better than what they mend.
    scores = [0.8, 0.75, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    attempts = search(stub, scores)
    mended = [item for item in attempts if item.repairs]
    assert [item.repairs for item in mended] == [1, 2, 1, 2]
    assert mended[0].request.temperature < mended[2].request.temperature


def test_the_faults_that_came_most_often_are_noted_in_every_other_round(stub):
    attempts = search(stub, [0.0] * 6, faults=("always this", "always that"))
    attempts[0] = attempt(1, next_question(FIRST, [], 1, stub), 0.0, faults=("once this", "always that", "x" * 900))
    note = next_question(FIRST, attempts, 1, stub).request.note
    said = ["# Earlier versions were wrong, mind these cases:", "# - always that", "# - always this", "# - once this"]
    assert [line.strip() for line in note.splitlines()][:4] == said
    assert len(note) < 600
    noted = [bool(item.request.note) for item in search(stub, [0.0] * 20, faults=("f",)) if not item.repairs]
    assert noted == [*[False] * 3, *[True] * 3, *[False] * 3, *[True] * 3, False, False]
    assert not any(item.request.note for item in search(stub, [0.0] * 20))


def test_an_attempt_passed_if_every_gate_said_yes(stub):
    yes = Verdict(gate="g", stage=Stage.ACCURACY, passed=True)
    ask = next_question(FIRST, [], 1, stub)
    bad = attempt(1, ask, 1.0)
    good = Attempt(
        number=1, request=bad.request, reply="r", candidate=None, verdicts=(yes,), prompt_tokens=1,
        completion_tokens=1, seconds=0.0,
    )  # fmt: skip
    assert good.passed
    assert good.failure is None
    assert good.merit > bad.merit


def test_what_passed_is_no_fault_to_warn_of(stub):
    attempts = search(stub, [0.0] * 6, faults=("a fault",))
    attempts[3] = replace(attempts[3], verdicts=(Verdict(gate="g", stage=Stage.ACCURACY, passed=True),))
    assert "a fault" in next_question(FIRST, attempts, 1, stub).request.note
