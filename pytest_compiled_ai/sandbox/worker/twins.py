"""Two workers that are asked the same: the first one answers, and what the second would have said is noted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.worker.channel import CallLimits, Channel, WorkerDied
from pytest_compiled_ai.sandbox.worker.client import Client, connect
from pytest_compiled_ai.sandbox.worker.frames import Frame
from pytest_compiled_ai.sandbox.worker.worker import Worker

_DIED: Final = b"!"
"""No kind of answer that a worker can give."""


class TwinChannel:
    """The channels of two workers as one; its transcript has two answers to what they answered in different ways.

    Nobody waits for the second worker: its answer is looked at before it is asked again, or at the end. Where it dies
    and the first one lives, it has answered in another way, and is asked no more.
    """

    def __init__(self, first: Channel, second: Channel) -> None:
        self._first, self._second = first, second
        self._open: tuple[bytes, tuple[bytes, ...]] | None = None
        self._is_alive = True
        self._lock = threading.Lock()

    @property
    def transcript(self) -> TwinChannel:
        """What both were asked and answered."""
        return self

    def take(self) -> str:
        """Return the pairs since the last call, as text."""
        with self._lock:
            self._hear_second()
            pairs = {pair for each in (self._first, self._second) for pair in each.transcript.take().split()}
            return " ".join(sorted(pairs))

    def exchange(self, kind: bytes, *parts: bytes) -> Frame:
        """Send one request to both, and return the answer of the first; raises as `Channel.exchange` does for it."""
        with self._lock:
            self._hear_second()
            self._ask_second(kind, parts)
            return self._first.exchange(kind, *parts)

    def _ask_second(self, kind: bytes, parts: tuple[bytes, ...]) -> None:
        if self._is_alive:
            self._open = kind, parts
            try:
                self._second.send(kind, *parts)
            except WorkerDied as death:
                self._note(death)

    def _hear_second(self) -> None:
        if self._open is not None:
            try:
                self._second.receive()
                self._open = None
            except WorkerDied as death:
                self._note(death)

    def _note(self, death: WorkerDied) -> None:
        assert self._open is not None
        self._second.transcript.add(*self._open, Frame(kind=_DIED, number=0, parts=(str(death).encode(),)))
        self._open, self._is_alive = None, False

    def kill(self) -> None:
        """Have both killed; a call that is waiting for one of them raises `WorkerDied`."""
        self._first.kill()
        self._second.kill()

    def refuse(self) -> WorkerDied | SandboxError:
        """Kill the first, whose answer makes no sense, and return the error to raise."""
        return self._first.refuse()

    def close(self) -> None:
        """Have both killed, and wait until they are gone; may be called twice."""
        try:
            self._first.close()
        finally:
            self._second.close()


class TwinClient:
    """Asks two zygotes for workers, each with a hash seed of its own, and gives them out as one."""

    def __init__(self, first: Client, second: Client, classes: Classes) -> None:
        self._first, self._second, self._classes = first, second, classes

    def fork(self, program: str) -> Worker:
        """Return two new workers as one; raises as `Client.fork` does for either."""
        channel, seal = self._first.load(program)
        try:
            other, _ = self._second.load(program)
        except BaseException:
            channel.close()
            raise
        return Worker(TwinChannel(channel, other), self._classes, seal)

    def look_ahead(self) -> None:
        """Have both forked for the next `fork`; do not wait."""
        self._first.look_ahead()
        self._second.look_ahead()


def connect_all(descriptors: Sequence[int], classes: Classes, limits: CallLimits) -> Client | TwinClient:
    """Return a client of one zygote, or of two, behind inherited descriptors, which it takes over."""
    clients = [connect(descriptor, classes, limits) for descriptor in descriptors]
    return clients[0] if len(clients) == 1 else TwinClient(clients[0], clients[1], classes)
