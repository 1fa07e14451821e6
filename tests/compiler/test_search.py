from __future__ import annotations

import pytest

from pytest_compiled_ai.compiler.search import Attempt, best_of, next_request
from pytest_compiled_ai.gates.base import Stage, Verdict
from pytest_compiled_ai.providers.base import Message, Request

FIRST = (Message(role="system", content="s"), Message(role="user", content="write f"))


def attempt(number: int, request: Request, score: float, *, gates: int = 0, stage: Stage = Stage.EXECUTION) -> Attempt:
    yes = Verdict(gate="g", stage=Stage.OUTPUT, passed=True, score=1.0)
    no = Verdict(gate="g", stage=stage, passed=False, feedback=f"fault {number}", score=score)
    return Attempt(
        number=number, request=request, reply=f"reply {number}", candidate=None, verdicts=(*[yes] * gates, no),
        prompt_tokens=1, completion_tokens=1, seconds=0.0,
    )  # fmt: skip


def ask(attempts):
    return next_request(FIRST, attempts, 1, "```")


@pytest.mark.parametrize("stage", [Stage.SYNTAX, Stage.EXECUTION])
@pytest.mark.parametrize("score", [0.0, 0.9])
def test_a_greedy_try_is_followed_by_repairs_and_fresh_samples(stage, score):
    attempts = []
    for number in range(1, 13):
        attempts.append(attempt(number, ask(attempts), score, stage=stage))
    requests = [item.request for item in attempts]
    assert (requests[0].messages, requests[0].temperature, requests[0].first) == (FIRST, 0.0, True)
    assert not any(request.first for request in requests[1:])
    assert {request.prefill for request in requests} == {"```"}
    assert len({request.seed for request in requests}) == len(requests)
    assert all(request.temperature > 0 for request in requests[1:])
    assert all(request.temperature <= 1 for request in requests)
    repairs = [request for request in requests if len(request.messages) > len(FIRST)]
    assert requests[1] in repairs
    assert requests[2] not in repairs
    assert len({request.temperature for request in repairs}) == len(repairs) or repairs[-1].temperature == 1.0
    assert requests[2].messages[-1].content.startswith("write f")
    assert requests == [ask(attempts[:number]) for number in range(12)]


def test_a_near_miss_is_repaired_more_often_than_a_wrong_idea():
    def repairs(score: float) -> int:
        attempts = []
        for number in range(1, 13):
            attempts.append(attempt(number, ask(attempts), score))
        return sum(len(item.request.messages) > 2 for item in attempts)

    assert repairs(0.9) > repairs(0.0) >= 1


def test_the_best_attempt_is_repaired_a_later_gate_before_a_better_score():
    request = ask([])
    attempts = [attempt(1, request, 0.9), attempt(2, request, 0.1, gates=3), attempt(3, request, 1.0)]
    assert best_of(attempts) is attempts[1]
    repair = ask(attempts)
    assert repair.messages[-2].content.startswith("reply 2")
    assert "fault 2" in repair.messages[-1].content
    assert best_of([]) is None


def test_an_attempt_passed_if_every_gate_said_yes():
    yes = Verdict(gate="g", stage=Stage.ACCURACY, passed=True)
    bad = attempt(1, ask([]), 1.0)
    good = Attempt(
        number=1, request=bad.request, reply="r", candidate=None, verdicts=(yes,), prompt_tokens=1,
        completion_tokens=1, seconds=0.0,
    )  # fmt: skip
    assert good.passed
    assert good.failure is None
    assert good.merit > bad.merit
