"""What a test's worker was asked and answered, as hashes by which two processes can be compared."""

from __future__ import annotations

import itertools
import threading

import pytest
from zygotes import program, start

from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.jail.job import Confinement, Outcome
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.oracle.switchboard import Switchboard
from pytest_compiled_ai.sandbox.suite.verdict import read_outcome
from pytest_compiled_ai.sandbox.worker.channel import WorkerDied
from pytest_compiled_ai.sandbox.worker.transcript import read_answers
from pytest_compiled_ai.sandbox.worker.worker import ResultRefused

CODE = """
def double(n):
    if n < 0:
        raise ValueError(n)
    return 2 * n

def count(start):
    while True:
        start += (yield start) or 1

def grow(items):
    items.append(1)

def thing():
    return object()

def leave():
    os._exit(3)
"""


@pytest.fixture(scope="module")
def client():
    with start() as zygote, zygote.client(NO_CLASSES) as client:
        yield client


@pytest.fixture
def said(client):
    """Return the questions, and the answers to each, of what is done with a new worker."""

    def talk(act, code=CODE):
        with client.fork(program(code)) as worker:
            act(worker)
            return read_answers([worker.take_transcript()])

    return talk


def double(*numbers):
    def act(worker):
        for number in numbers:
            worker.call("double", (number,), {})

    return act


def test_equal_questions_have_equal_answers(said):
    once = said(double(1, 2))
    assert once == said(double(1, 2))
    assert [len(answers) for answers in once.values()] == [1, 1]
    assert said(double()) == {}


def test_other_questions_are_others_and_other_answers_are_seen(said):
    first, other = said(double(1, 2)), said(double(1, 2), CODE.replace("2 * n", "2 * n + (n == 2)"))
    assert first.keys() == other.keys() != said(double(1, 3)).keys()
    assert sum(first[question] != other[question] for question in first) == 1
    assert said(double(1, 2, 2)) == first


def test_an_answer_that_changes_in_one_process_is_a_second_one(said):
    counting = CODE.replace("return 2 * n", "global COUNT; COUNT += 1; return COUNT") + "\nCOUNT = 0\n"
    (answers,) = said(double(5, 5, 5), counting).values()
    assert len(answers) == 3


def test_an_error_and_a_change_of_an_argument_are_answers(said):
    def fail(worker):
        with pytest.raises(ValueError, match="-1"):
            worker.call("double", (-1,), {})

    def grow(worker):
        worker.call("grow", ([],), {})

    def refuse(worker):
        with pytest.raises(ResultRefused):
            worker.call("thing", (), {})

    changes = {
        fail: ("ValueError(n)", "ValueError(n, 1)"),
        grow: ("append(1)", "append(2)"),
        refuse: ("object()", "len"),
    }
    for act, (old, new) in changes.items():
        before, after = said(act), said(act, CODE.replace(old, new))
        assert before.keys() == after.keys()
        assert before != after


def test_a_test_may_ask_from_several_threads(said):
    def at_once(worker):
        threads = [threading.Thread(target=worker.call, args=("double", (number,), {})) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert said(at_once) == said(double(*range(6))) == said(double(*reversed(range(6))))


def walk(*starts, steps=2, code=CODE):
    def act(worker):
        walks = {first: worker.open("count", (first,), {}) for first in starts}
        for first in sorted(walks):
            walks[first].next()
            for _ in range(steps):
                walks[first].send(first)

    return act


def test_generators_may_be_opened_in_any_order(said):
    scripts = [said(walk(*starts)) for starts in itertools.permutations([10, 20, 30])]
    assert all(script == scripts[0] for script in scripts)
    assert [len(answers) for answers in scripts[0].values()] == [1] * 12


def test_a_step_of_a_generator_is_known_by_those_before_it(said):
    swapped = CODE.replace("start += (yield start) or 1", "start = 50 - start + 0 * ((yield start) or 1)")
    before, after = said(walk(10)), said(walk(10), swapped)
    assert before.keys() == after.keys()
    assert said(walk(10, steps=5)).items() >= before.items()
    assert before != after


def test_no_test_adds_more_than_a_report_can_bear(client):
    with client.fork(program(CODE)) as worker:
        double(*range(300))(worker)
        text = worker.take_transcript()
        assert len(text.split()) == 200
        assert len(text) < 5000
        double(1)(worker)
        assert len(worker.take_transcript().split()) == 1


def test_a_call_that_found_no_answer_leaves_no_trace(client):
    with client.fork(program(CODE)) as worker:
        with pytest.raises(WorkerDied, match="left with exit status 3"):
            worker.call("leave", (), {})
        assert worker.take_transcript() == ""


class Remembering:
    """A client that knows its workers."""

    def __init__(self, client):
        self.client, self.workers = client, []

    def fork(self, text):
        self.workers.append(self.client.fork(text))
        return self.workers[-1]


@pytest.fixture
def board(client):
    remembering, board = Remembering(client), Switchboard()
    board.plug(remembering, program(CODE))
    yield board
    for worker in remembering.workers:
        worker.close()


def test_an_account_has_what_one_test_said(board):
    board.begin("t.py::test_a")
    assert board.end().transcript == ""
    board.call("double", (1,), {})
    once = board.end().transcript
    board.begin("t.py::test_b")
    board.call("double", (1,), {})
    assert board.end().transcript == once != ""
    # The rows of a test share its worker, but not what was said to it.
    board.begin("t.py::test_b[2]")
    board.call("double", (2,), {})
    other = board.end().transcript
    assert len(other.split()) == 1
    assert other != once


@pytest.mark.parametrize(("given", "found"), [({"transcript": "abc"}, "abc"), ({}, ""), ({"transcript": 5}, "5")])
def test_a_result_holds_what_its_record_says(given, found):
    result = {"event": "result", "id": "t::a", "outcome": "passed", "phase": "call", "detail": "", "kind": "", **given}
    confinement = Confinement(landlock=0, seccomp=False)
    outcome = Outcome(
        ending="exited", returncode=0, reason="", output="", seconds=0.0, confinement=confinement,
        records=({"event": "collected", "ids": ["t::a"]}, result, {"event": "finished", "exitstatus": 0}),
    )  # fmt: skip
    tier = Tier(confinement=confinement, verified=False)
    (read,) = read_outcome(outcome, limits=Limits(), stop_after=0, tier=tier).results
    assert read.transcript == found
