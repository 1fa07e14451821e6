"""The caller's end of one worker: two pipes and a control socket, used within bounds of time and size."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.kernel.limits import MIB
from pytest_compiled_ai.sandbox.worker import frames
from pytest_compiled_ai.sandbox.worker.deaths import WorkerDied, describe_death
from pytest_compiled_ai.sandbox.worker.frames import Frame, FrameError
from pytest_compiled_ai.sandbox.worker.transcript import Transcript

__all__ = ["CallLimits", "Channel", "WorkerDied"]

_CHUNK: Final = 1 << 16
_BROKEN: Final = "gave a broken answer"
_LAST_WORDS: Final = 0.2
_BURIAL: Final = 5.0
"""Seconds in which a killed worker must be reported dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """Bounds of one worker: seconds of one call and of all its calls together, bytes of one answer.

    The codec bounds what is sent.
    """

    call: float = 10.0
    total: float = 60.0
    answer: int = 16 * MIB


class Channel:
    """One worker's pipes and its control socket; it owns all three. `transcript` is what went over them.

    `exchange` takes one thread at a time, the others wait; `kill` may be called from any thread at any time.
    """

    def __init__(self, requests: int, replies: int, control: socket.socket, limits: CallLimits) -> None:
        os.set_blocking(requests, False)
        os.set_blocking(replies, False)
        self._requests = requests
        self._replies = replies
        self._control = control
        self._limits = limits
        self._left = limits.total
        self._number = 0
        self._asked: tuple[bytes, tuple[bytes, ...]] = b"", ()
        self._lock = threading.Lock()
        self._death: WorkerDied | SandboxError | None = None
        self.transcript = Transcript()

    def exchange(self, kind: bytes, *parts: bytes) -> Frame:
        """Send one request and return its answer.

        Raises:
            WorkerDied: it died, overran a limit, or answered with something else; it is dead in all three cases.
            SandboxError: the zygote is gone.
        """
        with self._timed() as started:
            self._ask(kind, parts, started)
            return self._hear(started)

    def send(self, kind: bytes, *parts: bytes) -> None:
        """Send one request, whose answer `receive` returns; raises as `exchange`."""
        with self._timed() as started:
            self._ask(kind, parts, started)

    def receive(self) -> Frame:
        """Return the answer to what was sent last, from now on within the bounds of a call; raises as `exchange`."""
        with self._timed() as started:
            return self._hear(started)

    def _ask(self, kind: bytes, parts: tuple[bytes, ...], started: float) -> None:
        self._number += 1
        self._asked = kind, parts
        self._write(memoryview(frames.pack(Frame(kind=kind, number=self._number, parts=parts))), started)

    def _hear(self, started: float) -> Frame:
        answer = self._read(started)
        self.transcript.add(*self._asked, answer)
        return answer

    @contextmanager
    def _timed(self) -> Iterator[float]:
        with self._lock:
            if self._death is not None:
                raise self._death.with_traceback(None)
            started = time.monotonic()
            try:
                yield started
            except (WorkerDied, SandboxError) as error:
                self._death = error
                raise
            finally:
                self._left -= time.monotonic() - started

    def hear(self) -> Frame:
        """Return what the worker says first, of itself, before it knows any candidate.

        Raises:
            SandboxError: it said nothing: it could not be forked or sealed.
        """
        try:
            return self._read(time.monotonic())
        except WorkerDied as death:
            raise SandboxError(f"sandbox: a worker could not be sealed: it {death.reason}.") from None

    def kill(self) -> None:
        """Have the worker killed; a call that is waiting for it raises `WorkerDied`."""
        with suppress(OSError):
            self._control.send(b"k")

    def refuse(self) -> WorkerDied | SandboxError:
        """Kill a worker whose answer makes no sense, and return the error to raise."""
        with self._lock:
            self._death = self._death or self._ended(_BROKEN, kill=True)
            return self._death

    def abandon(self) -> None:
        """Close all three of a worker that was never asked for."""
        self._death = SandboxError("sandbox: there is no such worker.")
        self.close()

    def close(self) -> None:
        """Have the worker killed, wait until it is gone, and close all three; may be called twice."""
        self.kill()
        with self._lock:
            if self._control.fileno() >= 0:
                if self._death is None:
                    self._death = WorkerDied("was closed")
                    self._status()
                os.close(self._requests)
                os.close(self._replies)
                self._control.close()

    def _write(self, data: memoryview, started: float) -> None:
        while data:
            try:
                data = data[os.write(self._requests, data) :]
            except BlockingIOError:
                self._wait(self._requests, select.POLLOUT, started)
            except BrokenPipeError:
                raise self._ended("hung up") from None

    def _read(self, started: float) -> Frame:
        size = frames.read_length(self._take(frames.PREFIX, started))
        if size > self._limits.answer:
            raise self._ended(f"gave an answer of more than {self._limits.answer / MIB:g} MiB", kill=True)
        try:
            frame = frames.unpack(self._take(size, started))
        except FrameError:
            raise self._ended(_BROKEN, kill=True) from None
        if frame.number != self._number:
            raise self._ended(_BROKEN, kill=True)
        return frame

    def _take(self, size: int, started: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                more = os.read(self._replies, min(size - len(data), _CHUNK))
            except BlockingIOError:
                self._wait(self._replies, select.POLLIN, started)
                continue
            if not more:
                raise self._ended("hung up")
            data += more
        return bytes(data)

    def _wait(self, descriptor: int, event: int, started: float) -> None:
        seconds = min(self._limits.call, self._left)
        left = seconds - (time.monotonic() - started)
        poll = select.poll()
        poll.register(descriptor, event)
        if left <= 0 or not poll.poll(left * 1000):
            word = f"ran longer than {self._limits.call:g} s"
            if seconds < self._limits.call:
                word = f"ran longer than {self._limits.total:g} s in all its calls"
            raise self._ended(word, kill=True)

    def _ended(self, reason: str, *, kill: bool = False) -> WorkerDied | SandboxError:
        # A worker that has closed its pipe may live on; one that is dying shall first say of what.
        if kill or not select.select([self._control], [], [], _LAST_WORDS)[0]:
            self.kill()
        status = self._status()
        if not status:
            return SandboxError(
                "sandbox: the zygote is gone, or does not answer; no candidate is to blame, run it again."
            )
        if status.startswith("error"):
            return SandboxError(f"sandbox: a worker could not be started: {status[6:]}.")
        return WorkerDied(reason) if kill else describe_death(status, reason)

    def _status(self) -> str:
        """Return what the zygote says of the worker's end, as "exit 0" or "signal 9"; "" if it does not."""
        text = b""
        with suppress(OSError):
            self._control.settimeout(_BURIAL)
            while not text.endswith(b"\n"):
                more = self._control.recv(256)
                if not more:
                    return ""
                text += more
        return text.decode("ascii", "replace").strip()
