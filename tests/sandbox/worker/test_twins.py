"""Two workers that are asked the same: one answers, and where the other would have said something else is noted."""

from __future__ import annotations

import os

import pytest
from zygotes import program, start

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.worker import frames
from pytest_compiled_ai.sandbox.worker.channel import CallLimits, WorkerDied
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.frames import Frame
from pytest_compiled_ai.sandbox.worker.transcript import Transcript, read_answers
from pytest_compiled_ai.sandbox.worker.twins import TwinChannel, TwinClient, connect_all

CODE = """
def double(n):
    if n < 0:
        raise ValueError(n)
    return 2 * n

def words(text):
    return list(set(text.split()))

def count(start):
    while True:
        start += (yield start) or 1

def grow(items):
    items.append(1)
"""


@pytest.fixture(scope="module")
def twins():
    with (
        start() as one,
        start(hash_seed=1) as other,
        one.client(NO_CLASSES) as first,
        other.client(NO_CLASSES) as second,
    ):
        yield TwinClient(first, second, NO_CLASSES)


def test_one_descriptor_is_a_client_and_two_are_twins(twins):
    ends = [os.dup(client._zygote.fileno()) for client in (twins._first, twins._second)]
    pair = connect_all(ends, NO_CLASSES, CallLimits())
    assert isinstance(pair, TwinClient)
    with pair.fork(program(CODE)) as worker:
        worker.call("words", ("a b c d e f g h",), {})
        assert fickle_in(worker) == (1, 1)
    with connect_all([os.dup(twins._first._zygote.fileno())], NO_CLASSES, CallLimits()) as alone:
        assert isinstance(alone, Client)
        with alone.fork(program(CODE)) as worker:
            assert worker.call("double", (4,), {}) == 8
    pair._first.close()
    pair._second.close()


def fickle_in(worker):
    answers = read_answers([worker.take_transcript()])
    return len(answers), sum(len(given) > 1 for given in answers.values())


def test_they_answer_as_one_and_agree(twins):
    twins.look_ahead()
    with twins.fork(program(CODE)) as worker:
        assert [worker.call("double", (n,), {}) for n in range(3)] == [0, 2, 4]
        with pytest.raises(ValueError, match="-1"):
            worker.call("double", (-1,), {})
        items = []
        worker.call("grow", (items,), {})
        assert items == [1]
        steps = worker.open("count", (5,), {})
        assert [steps.next(), steps.send(3), steps.next()] == [5, 8, 9]
        assert fickle_in(worker) == (9, 0)
        assert worker.take_transcript() == ""


def test_what_depends_on_how_strings_hash_has_two_answers(twins):
    with twins.fork(program(CODE)) as worker:
        worker.call("words", ("a b c d e f g h",), {})
        worker.call("words", ("a",), {})
        assert fickle_in(worker) == (2, 1)


def test_killed_or_closed_both_are_gone(twins):
    worker = twins.fork(program(CODE))
    worker.kill()
    with pytest.raises(WorkerDied):
        worker.call("double", (1,), {})
    worker.close()
    worker.close()
    with pytest.raises(WorkerDied):
        worker.call("double", (1,), {})


def test_a_program_that_the_first_cannot_load_is_no_worker(twins):
    with pytest.raises(WorkerDied, match="could not be loaded: ZeroDivisionError"):
        twins.fork(program("1 / 0"))


def test_neither_is_one_that_only_the_second_cannot_load(twins):
    with twins.fork(program("def parities(words):\n    return [hash(word) % 2 for word in words]")) as worker:
        names = [f"w{number}" for number in range(20)]
        found = worker.call("parities", (names,), {})
    raising = "\n".join(
        f"if hash('{name}') % 2 != {parity}: raise ValueError" for name, parity in zip(names, found, strict=True)
    )
    with pytest.raises(WorkerDied, match="could not be loaded: ValueError"):
        twins.fork(program(raising))


class Fake:
    """A channel that answers from a list; what is an error there is raised."""

    def __init__(self, *answers):
        self.answers, self.asked, self.log = list(answers), [], []
        self.transcript = Transcript()

    def exchange(self, kind, *parts):
        self.send(kind, *parts)
        return self.receive()

    def send(self, kind, *parts):
        self.log.append("send")
        self.asked.append((kind, parts))
        if isinstance(self.answers[0], str):
            raise WorkerDied(self.answers.pop(0))

    def receive(self):
        self.log.append("receive")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.transcript.add(*self.asked[-1], answer)
        return answer

    def kill(self):
        self.log.append("kill")

    def close(self):
        self.log.append("close")

    def refuse(self):
        return WorkerDied("refused")


def value(text):
    return Frame(kind=frames.VALUE, number=1, parts=(text,))


@pytest.mark.parametrize("death", [WorkerDied("hung up"), "hung up"])
def test_the_death_of_the_second_is_another_answer_and_it_is_asked_no_more(death):
    first, second = Fake(value(b"1"), value(b"2"), value(b"3")), Fake(value(b"1"), death)
    twins = TwinChannel(first, second)
    assert [twins.exchange(frames.CALL, name).parts for name in (b"a", b"b", b"c")] == [(b"1",), (b"2",), (b"3",)]
    answers = read_answers([twins.transcript.take()])
    assert sorted(map(len, answers.values())) == [1, 1, 2]
    assert len(second.asked) == 2


def test_the_death_of_the_first_is_raised_and_the_second_s_is_heard_later():
    first, second = Fake(WorkerDied("hung up"), value(b"2")), Fake(value(b"1"), value(b"2"))
    twins = TwinChannel(first, second)
    with pytest.raises(WorkerDied, match="hung up"):
        twins.exchange(frames.CALL, b"a")
    assert second.log == ["send"]
    assert len(read_answers([twins.take()])) == 1


def test_a_zygote_that_is_gone_is_no_body_s_fault():
    twins = TwinChannel(Fake(value(b"1"), value(b"2")), Fake(SandboxError("gone")))
    twins.exchange(frames.CALL, b"a")
    with pytest.raises(SandboxError, match="gone"):
        twins.exchange(frames.CALL, b"b")


def test_both_are_killed_and_closed_whatever_the_first_says():
    first, second = Fake(), Fake()
    twins = TwinChannel(first, second)
    twins.kill()
    assert str(twins.refuse()) == "the body refused"
    first.close = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        twins.close()
    assert second.log == ["kill", "close"]


def test_a_second_zygote_that_is_gone_leaves_no_worker_of_the_first(twins):
    class Gone:
        def load(self, program):
            raise SandboxError("gone")

    loaded = []

    class Watched:
        def load(self, text):
            loaded.append(twins._first.load(text))
            return loaded[-1]

    with pytest.raises(SandboxError, match="gone"):
        TwinClient(Watched(), Gone(), NO_CLASSES).fork(program(CODE))
    with pytest.raises(WorkerDied, match="was closed"):
        loaded[0][0].exchange(frames.CALL, b"double")
