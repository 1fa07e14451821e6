"""The caller's end of a worker, against a worker and a zygote that are played here."""

from __future__ import annotations

import os
import socket
import threading

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.codec.values import encode
from pytest_compiled_ai.sandbox.kernel.seal import Seal
from pytest_compiled_ai.sandbox.worker import frames
from pytest_compiled_ai.sandbox.worker.channel import CallLimits, Channel, WorkerDied
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.frames import Frame, pack
from pytest_compiled_ai.sandbox.worker.worker import ResultRefused, Worker

SHORT = CallLimits(call=0.2, answer=1 << 20)


class Stage:
    """A worker's pipes and a zygote's control socket, from the other side."""

    def __init__(self) -> None:
        self.requests, requests = os.pipe()
        replies, self.replies = os.pipe()
        control, self.control = socket.socketpair()
        self.channel = Channel(requests, replies, control, SHORT)

    def says(self, *pieces: bytes) -> None:
        for piece in pieces:
            os.write(self.replies, piece)

    def ends(self, status: bytes = b"signal 9\n") -> None:
        self.control.send(status)
        self.control.close()

    def close(self) -> None:
        self.control.close()
        self.channel.close()
        os.close(self.requests)
        os.close(self.replies)


@pytest.fixture
def stage():
    stage = Stage()
    yield stage
    stage.close()


SEVEN = encode(7), b""


def answer(kind=frames.VALUE, number=1, parts=SEVEN) -> bytes:
    return pack(Frame(kind=kind, number=number, parts=parts))


def test_an_answer_may_come_in_pieces(stage) -> None:
    data = answer()
    player = threading.Timer(0.02, lambda: stage.says(*(data[i : i + 3] for i in range(0, len(data), 3))))
    player.start()
    assert stage.channel.exchange(frames.CALL, b"name").parts == SEVEN
    player.join()


def test_a_large_request_waits_until_it_is_read(stage) -> None:
    received = bytearray()

    def read():
        while len(received) < 1_000_000:
            received.extend(os.read(stage.requests, 1 << 16))
        stage.says(answer())

    reader = threading.Thread(target=read)
    reader.start()
    stage.channel.exchange(frames.CALL, b"x" * 1_000_000)
    reader.join()


def test_a_request_that_is_not_read_is_an_overrun(stage) -> None:
    stage.ends()
    with pytest.raises(WorkerDied, match=r"ran longer than 0.2 s"):
        stage.channel.exchange(frames.CALL, b"x" * 1_000_000)


def test_a_request_to_a_dead_worker_is_its_death(stage) -> None:
    other = Stage()
    os.dup2(other.requests, stage.requests)
    stage.ends(b"signal 11\n")
    with pytest.raises(WorkerDied, match="crashed with SIGSEGV"):
        stage.channel.exchange(frames.CALL)
    other.close()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (answer(number=2), "gave a broken answer"),
        (b"\0\0\0\1x", "gave a broken answer"),
        (b"\0\x20\0\0", "gave an answer of more than 1 MiB"),
        (b"\0\0\0\x20only a part", "ran longer than 0.2 s"),
    ],
)
def test_an_answer_that_is_none_is_death(stage, data, reason) -> None:
    stage.says(data)
    stage.ends(b"signal 9\n")
    with pytest.raises(WorkerDied) as caught:
        stage.channel.exchange(frames.CALL)
    assert (caught.value.reason, str(caught.value)) == (reason, f"the body {reason}")
    with pytest.raises(WorkerDied, match=reason):
        stage.channel.exchange(frames.CALL)


@pytest.mark.parametrize(
    ("parts", "kind"),
    [((), frames.VALUE), ((b"1",), frames.ERROR), ((b"1", b"", b""), frames.RETURNED), ((b"", b""), b"?")],
)
def test_an_answer_of_the_wrong_shape_is_death(stage, parts, kind) -> None:
    stage.says(answer(kind=kind, parts=parts))
    stage.ends()
    with pytest.raises(WorkerDied, match="gave a broken answer"):
        Worker(stage.channel, NO_CLASSES, seal=None).call("act", (), {})


@pytest.mark.parametrize("parts", [(b"{}", b""), (b"nonsense", b""), (encode(1), b"[5]"), (encode(1), b"[[7, 1]]")])
@pytest.mark.parametrize("kind", [frames.VALUE, frames.RETURNED, frames.ERROR])
def test_an_answer_that_the_codec_does_not_know_is_refused(stage, parts, kind) -> None:
    stage.says(answer(kind=kind, parts=parts))
    numbers = [1]
    with pytest.raises(ResultRefused):
        Worker(stage.channel, NO_CLASSES, seal=None).call("act", (numbers,), {})
    assert numbers == [1]


def test_a_zygote_that_is_gone_is_no_death(stage) -> None:
    os.close(stage.replies)
    stage.replies = os.open(os.devnull, os.O_RDONLY)
    stage.ends(b"")
    with pytest.raises(SandboxError, match="the zygote is gone"):
        stage.channel.exchange(frames.CALL)
    with pytest.raises(SandboxError, match="the zygote is gone"):
        stage.channel.exchange(frames.CALL)


def test_an_abandoned_channel_is_closed(stage) -> None:
    stage.channel.abandon()
    with pytest.raises(SandboxError, match="there is no such worker"):
        stage.channel.exchange(frames.CALL)
    stage.channel.kill()


def test_only_the_first_death_is_told(stage) -> None:
    stage.ends(b"signal 31\n")
    first = stage.channel.refuse()
    assert stage.channel.refuse() is first


@pytest.mark.parametrize("parts", [(), (b"nonsense",)])
def test_a_program_that_fails_in_an_unknown_way_has_no_worker(parts, monkeypatch) -> None:
    stage = Stage()
    client = Client(None, NO_CLASSES, SHORT)
    monkeypatch.setattr(client, "_ask", lambda: stage.channel)
    seal = Seal(namespaces=False, landlock=0, seccomp=True)
    stage.says(answer(kind=frames.READY, number=0, parts=(seal.encode(),)), answer(kind=frames.ERROR, parts=parts))
    stage.ends()
    with pytest.raises(WorkerDied, match="could not be loaded: it gave a broken answer"):
        client.fork("")
    stage.close()


def test_a_worker_without_a_filter_is_not_used(monkeypatch) -> None:
    stage = Stage()
    client = Client(None, NO_CLASSES, SHORT)
    monkeypatch.setattr(client, "_ask", lambda: stage.channel)
    seal = Seal(namespaces=True, landlock=7, seccomp=False)
    stage.says(answer(kind=frames.READY, number=0, parts=(seal.encode(),)))
    stage.ends()
    with pytest.raises(SandboxError, match="this system has no filter of system calls"):
        client.fork("")
    stage.close()


def test_a_worker_that_does_not_say_how_it_is_sealed_is_our_fault(monkeypatch) -> None:
    stage = Stage()
    client = Client(None, NO_CLASSES, SHORT)
    monkeypatch.setattr(client, "_ask", lambda: stage.channel)
    stage.ends(b"exit 1\n")
    os.close(stage.replies)
    stage.replies = os.open(os.devnull, os.O_RDONLY)
    with pytest.raises(SandboxError, match="a worker could not be sealed: it left with exit status 1"):
        client.fork("")
    stage.close()
