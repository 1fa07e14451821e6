from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_compiled_ai.compiler.attempts import Attempt, best_of
from pytest_compiled_ai.compiler.prompt import begin_reply
from pytest_compiled_ai.compiler.search import (
    PATTERNS,
    ask_another,
    ask_to_revise,
    next_question,
    turns_of,
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
def test_greedy_first_then_every_turn_once_with_two_repairs_between(stub, stage):
    attempts = search(stub, [0.5] * 16, stage=stage)
    requests = [item.request for item in attempts]
    assert [item.number for item in attempts if item.repairs] == [4, 10]
    fresh = [item.request for item in attempts if not item.repairs]
    turns = turns_of(stub)
    expected = [*turns, *turns[1:]][: len(fresh)]
    assert [(ask.temperature, ask.opening, ask.hint) for ask in fresh] == [
        (turn.warmth, turn.approach.opening, turn.approach.hint) for turn in expected
    ]
    assert [request.temperature == 0 for request in requests] == [True] + [False] * 15
    assert [request.first for request in requests] == [True] + [False] * 15
    assert len({request.seed for request in requests}) == len(requests)
    assert all(0 <= request.temperature <= 1 for request in requests)
    assert all(request.prefill == begin_reply(stub) for request in requests)
    again = [next_question(FIRST, attempts[:number], 1, stub).request for number in range(16)]
    assert requests == again


def test_the_lines_that_the_prompt_shows_begin_some_bodies(stub):
    shown = "A body, written by what stands beside the values in the tests:\n\n```python\n    x = 1\n    return x\n```"
    first = (FIRST[0], replace(FIRST[-1], content=f"Write it.\n\n{shown}\n\nBe careful."))
    attempts = []
    for number in range(1, 8):
        attempts.append(attempt(number, next_question(first, attempts, 1, stub), 0.5, faults=("f",)))
    fresh = [item.request for item in attempts if not item.repairs]
    assert [ask.opening for ask in fresh[:4]] == ["    x = 1\n", "    x = 1\n", "", "    x = 1\n"]
    assert [ask.temperature for ask in fresh[:4]] == [0.0, 0.6, 0.3, 0.9]
    assert fresh[0].hint == "Begin the body with the lines that are shown."
    assert fresh[1].note
    rest = [(turn.approach, turn.warmth) for turn in turns_of(stub)[2:]]
    assert [(turn.approach, turn.warmth) for turn in turns_of(stub, "    x = 1\n")[4:]] == rest
    others = [ask_another(first, attempts[:number], 1, stub).request.opening for number in range(7)]
    assert "    x = 1\n" in others


@pytest.mark.parametrize(
    ("header", "is_there"),
    [
        ("def f(n: int, s: list[str]) -> str:", False),
        ("def f(n: int, *, s: str) -> int:", True),
        ("def f(n, s):", False),
    ],
)
def test_patterns_are_proposed_where_text_comes_in(read, header, is_there):
    assert (PATTERNS in {turn.approach for turn in turns_of(read(header))}) == is_there


def test_the_most_promising_attempt_is_repaired_a_later_gate_before_a_better_score(stub):
    ask = next_question(FIRST, [], 1, stub)
    attempts = [attempt(1, ask, 0.9), attempt(2, ask, 0.1, gates=3), attempt(3, ask, 1.0)]
    assert best_of(attempts) is attempts[1]
    question = next_question(FIRST, attempts, 1, stub)
    assert question.repairs == 2
    assert question.request.messages[-2].content.startswith("reply 2")
    assert "fault 2" in question.request.messages[-1].content
    assert best_of([]) is None


def test_no_attempt_is_repaired_twice(stub):
    mended = [item.repairs for item in search(stub, [0.8, 0.75, 0.5, *[0.1] * 8]) if item.repairs]
    assert mended == [1, 2]


def test_the_faults_that_came_most_often_are_noted(stub):
    attempts = search(stub, [0.0] * 5, faults=("always this", "always that"))
    attempts[0] = attempt(1, next_question(FIRST, [], 1, stub), 0.0, faults=("once this", "always that", "x" * 900))
    note = next_question(FIRST, attempts, 1, stub).request.note
    said = ["# Earlier versions were wrong, mind these cases:", "# - always that", "# - always this", "# - once this"]
    assert [line.strip() for line in note.splitlines()][:4] == said
    assert len(note) < 600
    asked = search(stub, [0.0] * 20, faults=("f",))
    turns = turns_of(stub)
    noted = [bool(item.request.note) for item in asked if not item.repairs]
    assert noted == [turn.is_noted for turn in [*turns, *turns[1:]]][: len(noted)]
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
    attempts = search(stub, [0.0] * 5, faults=("a fault",))
    attempts[3] = replace(attempts[3], verdicts=(Verdict(gate="g", stage=Stage.ACCURACY, passed=True),))
    assert "a fault" in next_question(FIRST, attempts, 1, stub).request.note


def test_a_stale_spec_s_body_is_shown_first_and_the_fresh_samples_follow_it(stub):
    verdict = Verdict(gate="g", stage=Stage.EXECUTION, passed=False, feedback="f(1) gave 2", faults=("f(1) gave 2",))
    question = ask_to_revise(FIRST, "def f(n): ...", verdict, 7, stub)
    request = question.request
    assert (question.repairs, request.seed, request.temperature, request.first) == (0, 7, 0.0, True)
    assert request.messages[:2] == FIRST
    assert request.messages[2].content == "```python\ndef f(n): ...\n```"
    assert "f(1) gave 2" in request.messages[3].content
    assert "# - f(1) gave 2" in request.note
    assert request.prefill == begin_reply(stub)
    attempts = [attempt(1, question, 0.5)]
    for number in range(2, 8):
        attempts.append(attempt(number, next_question(FIRST, attempts, 1, stub), 0.1))
    assert [item.repairs for item in attempts] == [0, None, None, 1, None, None, None]
    fresh = [item.request.temperature for item in attempts if item.repairs is None]
    assert fresh == [turn.warmth for turn in turns_of(stub)][: len(fresh)]
