"""Calls into a sealed worker, as the trusted side makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol

from pytest_compiled_ai.errors import CompiledAIError, SandboxError
from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.changes import apply_change
from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.errors import decode_error, encode_error
from pytest_compiled_ai.sandbox.codec.values import decode, encode
from pytest_compiled_ai.sandbox.kernel.seal import Seal
from pytest_compiled_ai.sandbox.worker import frames
from pytest_compiled_ai.sandbox.worker.deaths import WorkerDied
from pytest_compiled_ai.sandbox.worker.frames import Frame

RAISED_AT = "_compiled_ai_raised_at"
"""Attribute of an error from a worker: the line of the program that raised it, in the worker's own words."""
_LINE = 160


class ResultRefused(CompiledAIError):
    """The body gave a value, or left one in its arguments, that is no data of the known kinds."""


class Transcribed(Protocol):
    """What hands out what was asked and answered."""

    def take(self) -> str:
        """Return the pairs since the last call, as text."""
        ...


class Line(Protocol):
    """The way to a worker, as `Channel` is one."""

    @property
    def transcript(self) -> Transcribed:
        """What went over it."""
        ...

    def exchange(self, kind: bytes, *parts: bytes) -> Frame:
        """Send one request and return its answer."""
        ...

    def kill(self) -> None:
        """Have the worker killed."""
        ...

    def refuse(self) -> WorkerDied | SandboxError:
        """Kill a worker whose answer makes no sense, and return the error to raise."""
        ...

    def close(self) -> None:
        """Have the worker killed, and wait until it is gone."""
        ...


class Worker:
    """One fork of the zygote with a candidate in it; `seal` is what it closed around itself before."""

    def __init__(self, channel: Line, classes: Classes, seal: Seal) -> None:
        self.seal = seal
        self._channel = channel
        self._classes = classes

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a function, or run a coroutine function to its end; what it changed in the arguments is changed here.

        Raises:
            CodecError: an argument is no data; nothing was sent.
            ResultRefused: the result is no data.
            WorkerDied: it did not answer, and is dead.
            Exception: what the body raised.
        """
        return _Exchange(self._channel, self._classes, args, kwargs).make(frames.CALL, name.encode())

    def open(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Stepper:
        """Call a function that gives an iterator, of either kind, and return the steps through it; raises as `call`."""
        exchange = _Exchange(self._channel, self._classes, args, kwargs)
        key = exchange.open(name.encode())
        return Stepper(exchange, key)

    def take_transcript(self) -> str:
        """Return the calls and answers since it was last asked for, as `read_answers` reads them."""
        return self._channel.transcript.take()

    def kill(self) -> None:
        """Have it killed, from any thread; whoever waits for an answer gets `WorkerDied`."""
        self._channel.kill()

    def close(self) -> None:
        """Kill it, wait until it is gone, and free its descriptors; may be called twice."""
        self._channel.close()


class Stepper:
    """The steps of a generator that runs in a worker: `StopIteration` is its end, for an asynchronous one, too."""

    def __init__(self, exchange: _Exchange, key: bytes) -> None:
        self._exchange = exchange
        self._key = key

    def next(self) -> Any:
        """Return the next value; raises `StopIteration` with what the generator returned, or as `Worker.call`."""
        return self._exchange.make(frames.NEXT, self._key, b"")

    def send(self, value: Any) -> Any:
        """Send a value in and return the next one; raises as `next`."""
        return self._exchange.make(frames.SEND, self._key, self._exchange.encode(value))

    def throw(self, error: BaseException) -> Any:
        """Raise an error at the place where the generator waits, and return the next value; raises as `next`."""
        return self._exchange.make(frames.THROW, self._key, self._exchange.encode_error(error))

    def close(self) -> None:
        """Let the generator clean up; raises as `Worker.call`."""
        self._exchange.make(frames.CLOSE, self._key, b"")


class _Exchange:
    """One call's arguments, and how its answers, of which a generator gives many, change them."""

    def __init__(self, channel: Line, classes: Classes, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self._channel = channel
        self._classes = classes
        self._args = tuple(args)
        self._kwargs = dict(kwargs)

    def encode(self, value: Any) -> bytes:
        return encode(value, self._classes)

    def encode_error(self, error: BaseException) -> bytes:
        return encode_error(error, self._classes)

    def open(self, name: bytes) -> bytes:
        answer = self._channel.exchange(frames.OPEN, name, self.encode((self._args, self._kwargs)))
        self._value(answer, is_empty=True)
        return b"%d" % answer.number

    def make(self, kind: bytes, target: bytes, given: bytes | None = None) -> Any:
        payload = self.encode((self._args, self._kwargs)) if given is None else given
        return self._value(self._channel.exchange(kind, target, payload))

    def _value(self, answer: Frame, *, is_empty: bool = False) -> Any:
        match answer.kind, answer.parts:
            case frames.ERROR, (error, changes, *line):
                raise self._read(changes, lambda: _located(decode_error(error, self._classes), b"".join(line)))
            case frames.RETURNED, (value, changes):
                raise StopIteration(self._read(changes, lambda: decode(value, self._classes)))
            case frames.VALUE, (value, changes):
                return self._read(changes, lambda: None if is_empty else decode(value, self._classes))
            case frames.UNCARRIED, (text,):
                raise ResultRefused(text.decode(errors="replace"))
        raise self._channel.refuse()

    def _read(self, changes: bytes, decoded: Callable[[], Any]) -> Any:
        try:
            outcome = decoded()
            if changes:
                apply_change((self._args, self._kwargs), changes, self._classes)
        except CodecError as error:
            raise ResultRefused(str(error)) from None
        return outcome


def _located(error: BaseException, line: bytes) -> BaseException:
    # No note of its own: `pytest.raises(match=...)` would look at it.
    with suppress(AttributeError, TypeError):
        setattr(error, RAISED_AT, line.decode(errors="replace")[:_LINE])
    return error
