"""An executor of one process: what is submitted is called there, one at a time."""

from __future__ import annotations

import itertools
import math
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from pytest_compiled_ai.errors import HarnessError

_PATIENCE: Final = 5.0
"""Seconds that a process gets to tidy up."""
_Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class ProcessExecutor(Executor):
    """Calls functions of modules in a process of its own, which starts at once and stays.

    The standard library's pool would import the program's own main module there, and a test runner's may not like it.

    Args:
        rank: returns of a call's arguments how long it can wait: what has a lower rank goes first, equals in turn.
    """

    def __init__(self, rank: Callable[..., float] = lambda *_, **__: 0) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pytest_compiled_ai.validation.child", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
            )
        self._channel = Connection(ours.detach())
        self._rank, self._numbers = rank, itertools.count()
        self._work: queue.PriorityQueue[tuple[float, int, tuple[Future[Any], _Call] | None]] = queue.PriorityQueue()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of a call; function and arguments travel as pickles."""
        future: Future[Any] = Future()
        self._put(self._rank(*args, **kwargs), (future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the process: with `cancel_futures` at once, else behind what was submitted."""
        if cancel_futures:
            self._process.terminate()
        self._put(math.inf, None)
        if wait:
            self._thread.join(None if not cancel_futures else _PATIENCE)
            self._end()

    def _put(self, rank: float, work: tuple[Future[Any], _Call] | None) -> None:
        self._work.put((rank, next(self._numbers), work))

    def _serve(self) -> None:
        while (work := self._work.get()[2]) is not None:
            future, call = work
            if future.set_running_or_notify_cancel():
                self._call(future, call)

    def _call(self, future: Future[Any], call: _Call) -> None:
        try:
            self._channel.send(call)
            is_done, answer = self._channel.recv()
        except (EOFError, OSError):
            future.set_exception(BrokenExecutor("a validating process ended"))
            return
        if is_done:
            future.set_result(answer)
        else:
            future.set_exception(HarnessError(f"a validating process failed: {answer}"))

    def _end(self) -> None:
        with suppress(OSError):
            self._channel.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
