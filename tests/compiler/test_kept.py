from __future__ import annotations

import pytest

from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.kept import drop_failure, keep_failure, read_failure
from pytest_compiled_ai.gates.base import Stage, Verdict
from pytest_compiled_ai.providers.base import Message, Request

SPEC = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> int:\n    ...\n"
ID = "specs/it.py::f"


def attempt(number: int, *, passed: bool = False, candidate=None) -> Attempt:
    verdict = Verdict(
        gate="g", stage=Stage.OUTPUT, passed=passed, message=f"fault {number}", feedback="mend", score=number
    )
    request = Request(messages=(Message(role="user", content="write é"),))
    return Attempt(
        number=number, request=request, reply=f"reply {number}", candidate=candidate, verdicts=(verdict,),
        prompt_tokens=1, completion_tokens=1, seconds=0.0,
    )  # fmt: skip


@pytest.fixture
def made(bench):
    return bench({"specs/it.py": SPEC})


def test_the_best_attempt_is_kept_and_forgotten(made):
    candidate, subject = made.candidate("f", "    return n")
    keep_failure(made.root, subject, [attempt(1), attempt(2, candidate=candidate)])
    kept = read_failure(made.root, ID)
    assert kept == {
        "spec": ID,
        "attempt": 2,
        "attempts": ["1: fault 1", "2: fault 2"],
        "prompt": [{"role": "user", "content": "write é"}],
        "candidate": candidate.function,
        "feedback": "mend",
        "ambiguity": {},
    }
    drop_failure(made.root, ID)
    assert read_failure(made.root, ID) is None
    drop_failure(made.root, ID)


def test_a_reply_without_code_is_kept_as_it_was_said(made):
    keep_failure(made.root, made.subject("f"), [attempt(1)])
    assert read_failure(made.root, ID)["candidate"] == "reply 1"


def test_nothing_is_kept_of_nothing_or_of_a_success(made):
    keep_failure(made.root, made.subject("f"), [])
    keep_failure(made.root, made.subject("f"), [attempt(1, passed=True)])
    assert read_failure(made.root, ID) is None


def test_a_success_is_kept_where_what_it_leaves_open_is_why_it_is_not_taken(made):
    keep_failure(made.root, made.subject("f"), [attempt(1, passed=True)], {"call": "f(1)"})
    kept = read_failure(made.root, ID)
    assert (kept["ambiguity"], kept["feedback"], kept["candidate"]) == ({"call": "f(1)"}, "", "reply 1")


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_damaged_record_is_none(made, text):
    keep_failure(made.root, made.subject("f"), [attempt(1)])
    made.write(".compiled-ai/specs.it.py.f.json", text)
    assert read_failure(made.root, ID) is None
