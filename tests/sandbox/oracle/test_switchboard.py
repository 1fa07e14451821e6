from __future__ import annotations

import asyncio
import threading

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.oracle.switchboard import Switchboard
from pytest_compiled_ai.sandbox.oracle.unanswered import (
    BodyDied,
    Hostile,
    NeedsJail,
    OracleBroken,
    ResultRefused,
    Unanswered,
)
from pytest_compiled_ai.sandbox.worker.deaths import WorkerDied
from pytest_compiled_ai.sandbox.worker.worker import ResultRefused as Refused


class FakeWorker:
    """Answers with what a function of the same name says."""

    def __init__(self, functions) -> None:
        self.functions = functions
        self.is_killed = threading.Event()
        self.is_closed = False

    def call(self, name, args, kwargs):
        if self.is_killed.is_set():
            raise WorkerDied("was closed")
        return self.functions[name](self, *args, **kwargs)

    open = call

    def take_transcript(self):
        return "all that was said"

    def kill(self) -> None:
        self.is_killed.set()

    def close(self) -> None:
        self.kill()
        self.is_closed = True


class FakeClient:
    def __init__(self, **functions) -> None:
        self.functions = functions
        self.workers: list[FakeWorker] = []
        self.ahead = 0

    def look_ahead(self) -> None:
        self.ahead += 1

    def fork(self, program):
        if "broken" in program:
            raise WorkerDied("could not be loaded: ValueError: broken")
        self.workers.append(FakeWorker(self.functions))
        return self.workers[-1]


def plugged(program: str = "def f(): ...", **functions) -> tuple[Switchboard, FakeClient]:
    board, client = Switchboard(), FakeClient(**functions)
    board.plug(client, program)
    board.begin("test_x.py::test_a")
    return board, client


def raising(error):
    def function(worker, *args, **kwargs):
        raise error

    return function


def test_a_call_is_put_through_and_counted() -> None:
    board, client = plugged(f=lambda worker, number, by=1: number * by)
    assert board.call("f", (2,), {}) == 2
    assert board.call("f", (2,), {"by": 3}) == 6
    account = board.end()
    assert (account.calls, account.unanswered) == ({"f": 2}, None)
    assert len(client.workers) == 1


def test_what_the_body_raises_is_raised_and_counted() -> None:
    board, _ = plugged(f=raising(ValueError("no")))
    with pytest.raises(ValueError, match=r"^no$"):
        board.call("f", (), {})
    assert (board.end().calls, board.end().unanswered) == ({"f": 1}, None)


def test_each_test_function_has_a_worker_of_its_own_and_its_rows_share_it() -> None:
    board, client = plugged(f=lambda worker: id(worker))
    found = []
    for test in ("test_a[1]", "test_a[2]", "test_b", "test_a[1]"):
        board.begin(test)
        found.append(board.call("f", (), {}))
        assert board.end().calls == {"f": 1}
    assert found[0] == found[1]
    assert len(set(found)) == len(client.workers) == 3
    assert [worker.is_killed.is_set() for worker in client.workers] == [True, True, False]


def test_a_worker_is_ordered_for_each_function_that_is_still_to_come() -> None:
    board, client = Switchboard(), FakeClient(f=lambda worker: None)
    board.plug(client, "def f(): ...", 2)
    seen = [client.ahead]
    for test in ("test_a[1]", "test_a[2]", "test_b", "test_c"):
        board.begin(test)
        board.call("f", (), {})
        seen.append(client.ahead)
    assert seen == [1, 2, 2, 2, 2]


def test_no_more_than_a_few_killed_workers_are_kept() -> None:
    board, client = plugged(f=lambda worker: None)
    for number in range(20):
        board.begin(f"test_{number}")
        board.call("f", (), {})
    assert [worker.is_closed for worker in client.workers].count(False) == 9


def test_a_test_that_calls_nothing_needs_no_worker() -> None:
    board, client = plugged()
    board.begin("test_b")
    assert (board.end().calls, client.workers) == ({}, [])


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (WorkerDied("left with exit status 0"), BodyDied, "f(1, by=2): the body left with exit status 0"),
        (WorkerDied("made a call", hostile=True), Hostile, "f(1, by=2): the body made a call"),
        (
            CodecError("has the type `function`", "[0]"),
            NeedsJail,
            "f(1, by=2): an argument cannot be sent to a sealed worker: the value at `[0]` has the type `function`",
        ),
        (Refused("the value is strange"), ResultRefused, "f(1, by=2): the result is no data: the value is strange"),
        (SandboxError("sandbox: the zygote is gone."), OracleBroken, "sandbox: the zygote is gone."),
    ],
)
def test_a_call_without_an_answer(error, kind, text) -> None:
    board, client = plugged(f=raising(error))
    with pytest.raises(kind) as caught:
        board.call("f", (1,), {"by": 2})
    assert type(caught.value) is kind
    assert str(caught.value) == text
    assert board.end().unanswered is caught.value
    # The same test is told the same again, without another worker; the next one has a new one.
    with pytest.raises(kind) as again:
        board.call("f", (3,), {})
    assert again.value is caught.value
    board.begin("test_x.py::test_a[2]")
    assert board.end().unanswered is None
    with pytest.raises(kind):
        board.call("f", (1,), {"by": 2})
    assert len(client.workers) == 2


def test_no_test_can_take_it_for_an_error_of_the_body() -> None:
    assert not issubclass(Unanswered, Exception)


def test_a_program_that_cannot_be_loaded() -> None:
    board, _ = plugged("def f(): ...  # broken")
    with pytest.raises(BodyDied, match=r"^f\(\): the body could not be loaded: ValueError: broken$"):
        board.call("f", (), {})


def test_a_long_call_is_cut() -> None:
    board, _ = plugged(f=raising(WorkerDied("left")))
    with pytest.raises(BodyDied, match=r"^f\('xxxx.*\.\.\.\): the body left$"):
        board.call("f", tuple("x" * 100 for _ in range(9)), {})


def test_a_call_while_tests_are_collected() -> None:
    with pytest.raises(pytest.fail.Exception, match="f is called while tests are collected"):
        Switchboard().call("f", (), {})


def test_a_stub_that_the_artifact_lacks() -> None:
    board, _ = plugged("def g(): ...")
    with pytest.raises(pytest.fail.Exception, match="f is not compiled"):
        board.call("f", (), {})


class FakeStepper:
    def __init__(self, generator) -> None:
        self.next, self.send = generator.__next__, generator.send
        self.throw, self.close = generator.throw, generator.close


def test_the_steps_of_a_generator() -> None:
    def numbers():
        try:
            got = yield 1
            yield got
        except KeyError:
            yield "caught"
        return "end"

    board, _ = plugged("def f(): yield", f=lambda worker: FakeStepper(numbers()))
    assert board.yields("f")
    walk = board.open("f", (), {})
    assert [walk.step("next"), walk.step("send", 2), walk.step("throw", KeyError("x"))] == [
        (False, 1),
        (False, 2),
        (False, "caught"),
    ]
    assert walk.step("next") == (True, "end")
    assert board.end().calls == {"f": 1}


def test_a_step_behind_the_end_of_a_test_is_nobodys_fault() -> None:
    board, _ = plugged("def f(): yield", f=lambda worker: FakeStepper(iterate(worker)))

    def iterate(worker):
        yield 1
        raise WorkerDied("was closed")

    walk = board.open("f", (), {})
    walk.step("next")
    board.begin("test_b")
    with pytest.raises(BodyDied, match=r"^f\(\): the body was closed$"):
        walk.step("next")
    assert board.end().unanswered is None


def test_a_call_off_the_loop_runs_in_a_thread_of_its_own() -> None:
    board, _ = plugged(f=lambda worker: threading.get_ident())
    assert asyncio.run(board.elsewhere(board.call, "f", (), {})) != threading.get_ident()


def test_without_a_loop_of_asyncio_a_call_is_made_where_it_is() -> None:
    board, _ = plugged(f=lambda worker: threading.get_ident())
    with pytest.raises(StopIteration) as stop:
        board.elsewhere(board.call, "f", (), {}).send(None)
    assert stop.value.value == threading.get_ident()


def test_a_call_that_is_not_waited_for_kills_its_worker_and_is_nobodys_fault() -> None:
    def wait(worker, number):
        if number:
            return number
        worker.is_killed.wait(30)
        raise WorkerDied("was killed")

    async def main():
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(board.elsewhere(board.call, "f", (0,), {}), 0.01)
        return await board.elsewhere(board.call, "f", (1,), {})

    board, client = plugged(f=wait)
    assert asyncio.run(main()) == 1
    assert board.end().unanswered is None
    assert len(client.workers) == 2


def test_a_call_that_nobody_waits_for_before_it_has_a_worker_gets_none() -> None:
    board, client = plugged(f=lambda worker: 1)
    forks = client.fork
    is_forking, may_fork = threading.Event(), threading.Event()

    def fork(program):
        is_forking.set()
        may_fork.wait(30)
        return forks(program)

    client.fork = fork
    abandon = board._abandon

    def abandon_behind_the_mark() -> None:
        # Whoever abandons a call has said before that nobody waits for it.
        may_fork.set()
        abandon()

    board._abandon = abandon_behind_the_mark
    is_under_way = threading.Event()

    def call_later():
        is_under_way.set()
        return board.call("f", (), {})

    async def main():
        first = asyncio.create_task(board.elsewhere(board.call, "f", (), {}))
        await asyncio.to_thread(is_forking.wait, 30)
        second = asyncio.create_task(board.elsewhere(call_later))
        await asyncio.to_thread(is_under_way.wait, 30)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        await asyncio.gather(first, return_exceptions=True)
        return await board.elsewhere(board.call, "f", (), {})

    assert asyncio.run(main()) == 1
    assert board.end().unanswered is None
    # A thread that has made such a call makes others as any thread does.
    assert board.call("f", (), {}) == 1
