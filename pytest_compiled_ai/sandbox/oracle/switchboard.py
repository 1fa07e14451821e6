"""Puts the calls of a spec's stubs through to the sealed worker of the test that runs, and keeps account of them."""

from __future__ import annotations

import asyncio
import reprlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NoReturn, TypeVar

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.oracle.unanswered import (
    BodyDied,
    Hostile,
    NeedsJail,
    OracleBroken,
    ResultRefused,
    Unanswered,
)
from pytest_compiled_ai.sandbox.oracle.yields import find_functions
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.deaths import WorkerDied
from pytest_compiled_ai.sandbox.worker.twins import TwinClient
from pytest_compiled_ai.sandbox.worker.worker import ResultRefused as Refused
from pytest_compiled_ai.sandbox.worker.worker import Stepper, Worker

T = TypeVar("T")
_SHOWN: Final = 80
_DYING: Final = 8
"""Workers whose end nobody waits for; the last ones go when the fork of the oracle does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of one test's calls: how many reached each stub, and the first that found no answer.

    `transcript` is what the worker was asked and answered, as hashes.
    """

    calls: Mapping[str, int]
    unanswered: Unanswered | None
    transcript: str


class Walk:
    """The steps through a generator in a worker."""

    def __init__(self, attempt: Callable[[Callable[[], Any]], Any], stepper: Stepper) -> None:
        self._attempt, self._stepper = attempt, stepper

    def step(self, how: str, *given: Any) -> tuple[bool, Any]:
        """Take the step `next`, `send`, `throw` or `close`; return whether that was the end, and the value."""

        def advance() -> tuple[bool, Any]:
            # No StopIteration can be raised out of a coroutine, or a future.
            try:
                return False, getattr(self._stepper, how)(*given)
            except StopIteration as stop:
                return True, stop.value

        return self._attempt(advance)  # type: ignore[no-any-return]


class Switchboard:
    """One for an oracle. Nothing is put through until a candidate is plugged in, in the fork that tests it."""

    def __init__(self) -> None:
        self._client: Client | TwinClient | None = None
        self._program = ""
        self._functions: Mapping[str, bool] = {}
        self._worker: Worker | None = None
        self._left: list[Worker] = []
        self._test = ""
        self._coming = 0
        self._calls: Counter[str] = Counter()
        self._unanswered: Unanswered | None = None
        self._lock = threading.Lock()
        self._caller = threading.local()

    def plug(self, client: Client | TwinClient, program: str, coming: int = 0) -> None:
        """Put all further calls through to workers with this artifact in them; `coming` test functions are to run."""
        self._client, self._program, self._coming = client, program, coming
        self._look_ahead(client)
        self._functions = find_functions(program)

    def begin(self, test: str) -> None:
        """Get ready for the next test: each function has a worker of its own, its parameters share it."""
        function = test.partition("[")[0]
        if function != self._test or self._unanswered is not None:
            self._dismiss()
        if function != self._test:
            self._coming -= 1
        self._test, self._unanswered = function, None
        self._calls.clear()

    def end(self) -> Account:
        """Return what became of the calls since `begin`."""
        transcript = self._worker.take_transcript() if self._worker else ""
        return Account(calls=dict(self._calls), unanswered=self._unanswered, transcript=transcript)

    def yields(self, name: str) -> bool:
        """Tell whether the candidate wrote a generator."""
        return self._functions.get(name, False)

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a stub's body; raises what the body does, or an `Unanswered`."""
        worker = self._worker_for(name, args, kwargs)
        return self.attempt(worker, partial(_written, name, args, kwargs), partial(worker.call, name, args, kwargs))

    def open(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Walk:
        """Call a stub's body that gives an iterator."""
        worker = self._worker_for(name, args, kwargs)
        stepper = self.attempt(worker, partial(_written, name, args, kwargs), partial(worker.open, name, args, kwargs))
        return Walk(partial(self.attempt, worker, partial(_written, name, args, kwargs)), stepper)

    async def elsewhere(self, act: Callable[..., T], *given: Any) -> T:
        """Make a call off the test's event loop; the worker is killed where the test does not wait for it."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return act(*given)
        try:
            gone = threading.Event()
            return await asyncio.to_thread(self._make_for, gone, act, *given)
        except asyncio.CancelledError:
            gone.set()
            self._abandon()
            raise

    def _make_for(self, gone: threading.Event, act: Callable[..., T], *given: Any) -> T:
        self._caller.gone = gone
        try:
            return act(*given)
        finally:
            self._caller.gone = None

    def attempt(self, worker: Worker | None, call: Callable[[], str], act: Callable[[], T]) -> T:
        """Return what `act` does with a worker; `call` gives the words for it, should there be no answer."""
        try:
            return act()
        except WorkerDied as death:
            error = (Hostile if death.hostile else BodyDied)(f"{call()}: {death}")
            if worker is not self._worker:
                # The test did not wait for it, or is over.
                raise error from None
            self._give_up(error)
        except CodecError as refusal:
            self._give_up(NeedsJail(f"{call()}: an argument cannot be sent to a sealed worker: {refusal}"))
        except Refused as refusal:
            self._give_up(ResultRefused(f"{call()}: the result is no data: {refusal}"))
        except SandboxError as failure:
            self._give_up(OracleBroken(str(failure)))

    def _worker_for(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Worker:
        client = self._client
        if client is None:
            pytest.fail(f"compiled-ai: {name} is called while tests are collected; call it in a test.", pytrace=False)
        if self._functions and name not in self._functions:
            pytest.fail(f"compiled-ai: {name} is not compiled; run `pytest --compile-ai`.", pytrace=False)
        if self._unanswered is not None:
            raise self._unanswered.with_traceback(None)
        with self._lock:
            if (gone := getattr(self._caller, "gone", None)) is not None and gone.is_set():
                raise BodyDied(f"{name}: nobody waits for it")
            if self._worker is None:
                fork = partial(client.fork, self._program)
                self._worker = self.attempt(None, partial(_written, name, args, kwargs), fork)
                self._look_ahead(client)
            self._calls[name] += 1
            return self._worker

    def _look_ahead(self, client: Client | TwinClient) -> None:
        if self._coming > 0:
            client.look_ahead()

    def _give_up(self, error: Unanswered) -> NoReturn:
        self._unanswered = self._unanswered or error
        raise error from None

    def _abandon(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
            if worker is not None:
                worker.kill()
                self._left.append(worker)

    def _dismiss(self) -> None:
        self._abandon()
        while len(self._left) > _DYING:
            with suppress(SandboxError):
                self._left.pop(0).close()


def _written(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    given = [*map(reprlib.repr, args), *(f"{key}={reprlib.repr(value)}" for key, value in kwargs.items())]
    text = ", ".join(given)
    return f"{name}({text if len(text) <= _SHOWN else text[: _SHOWN - 3] + '...'})"
