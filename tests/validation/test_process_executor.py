import os
import signal
import time
from concurrent.futures import BrokenExecutor
from multiprocessing import Pipe

import pytest

from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.validation import child, process
from pytest_compiled_ai.validation.process import ProcessExecutor

SECONDS = 60


@pytest.fixture
def executor():
    with ProcessExecutor() as executor:
        yield executor


def test_what_is_submitted_is_called_in_another_process_in_turn(executor):
    first, second = executor.submit(os.getpid), executor.submit(divmod, 7, 2)
    assert (first.result(SECONDS) != os.getpid(), second.result(SECONDS)) == (True, (3, 1))
    assert executor.submit(int, "11", base=2).result(SECONDS) == 3


def test_what_it_raises_is_told_and_the_next_call_goes_on(executor):
    with pytest.raises(HarnessError, match="a validating process failed: ZeroDivisionError"):
        executor.submit(divmod, 1, 0).result(SECONDS)
    assert executor.submit(divmod, 1, 1).result(SECONDS) == (1, 0)


def test_a_process_that_is_gone_breaks_what_waits_for_it(executor):
    pid = executor.submit(os.getpid).result(SECONDS)
    waiting = executor.submit(time.sleep, SECONDS)
    os.kill(pid, signal.SIGKILL)
    for future in (waiting, executor.submit(os.getpid)):
        with pytest.raises(BrokenExecutor, match="ended"):
            future.result(SECONDS)


def test_it_ends_at_once_where_nobody_waits_for_its_work():
    executor = ProcessExecutor()
    pid = executor.submit(os.getpid).result(SECONDS)
    waiting = executor.submit(time.sleep, SECONDS)
    executor.shutdown(cancel_futures=True)
    executor.shutdown(cancel_futures=True)
    with pytest.raises(BrokenExecutor):
        waiting.result(SECONDS)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_one_that_does_not_end_when_it_is_told_to_is_killed(monkeypatch):
    monkeypatch.setattr(process, "_PATIENCE", 0.05)
    executor = ProcessExecutor()
    pid = executor.submit(os.getpid).result(SECONDS)
    os.kill(pid, signal.SIGSTOP)
    waiting = executor.submit(os.getpid)
    executor.shutdown(cancel_futures=True)
    with pytest.raises(BrokenExecutor, match="ended"):
        waiting.result(SECONDS)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_call_that_was_taken_back_is_not_made(executor):
    executor.submit(time.sleep, 0.2)
    taken_back = executor.submit(divmod, 1, 0)
    assert taken_back.cancel()
    assert executor.submit(divmod, 1, 1).result(SECONDS) == (1, 0)


def test_the_child_answers_until_its_channel_ends():
    ours, theirs = Pipe()
    ours.send((divmod, (5, 2), {}))
    ours.send((divmod, (5, 0), {}))
    ours.send((int, ("z",), {"base": 36}))
    answers = []

    class Channel:
        def recv(self):
            if len(answers) == 3:
                raise EOFError
            return theirs.recv()

        send = answers.append

    child.serve(Channel())
    assert answers[0] == (True, (2, 1))
    assert answers[1][0] is False
    assert answers[1][1].startswith("ZeroDivisionError")
    assert answers[2] == (True, 35)


def test_what_can_wait_goes_behind_what_is_urgent_and_equals_go_in_turn():
    with ProcessExecutor(lambda *given: given[0] if given else 0) as executor:
        # Until it is done, the others queue up.
        executor.submit(time.sleep, 0.3)
        ended = []
        calls = [(9, 4), (7, 2), (9, 5), (7, 3)]
        for call in calls:
            executor.submit(divmod, *call).add_done_callback(lambda future, call=call: ended.append(call))
    assert ended == [(7, 2), (7, 3), (9, 4), (9, 5)]
