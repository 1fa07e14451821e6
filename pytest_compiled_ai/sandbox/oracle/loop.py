"""The oracle's loop over orders: each is run by a fork of the process that has collected the tests."""

from __future__ import annotations

import gc
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

from pytest_compiled_ai.sandbox.kernel.privileges import die_with
from pytest_compiled_ai.sandbox.oracle.commands import RUN
from pytest_compiled_ai.sandbox.oracle.switchboard import Switchboard
from pytest_compiled_ai.sandbox.oracle.warming import warm_up
from pytest_compiled_ai.sandbox.suite.reporter import Send
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.twins import TwinClient

_TICK: Final = 0.05
_PASSED, _FAILED, _BROKEN = 0, 1, 3
"""pytest's own exit codes."""


class Loop:
    """Serves orders, one after the other.

    Args:
        session: the collected tests.
        send: sends a record to the parent.
        board: where the proxies' calls go.
        connect: opens the way to the workers, in the fork; their calls may take so many seconds.
    """

    def __init__(
        self, session: pytest.Session, send: Send, board: Switchboard, connect: Callable[[float], Client | TwinClient]
    ) -> None:
        self._session, self._send, self._board, self._connect = session, send, board, connect

    def serve(self, commands: int, order: Path, folder: Path) -> None:
        """Run what the file `order` says, at each such byte from `commands`, with temporary files in `folder`."""
        self._session.items.sort(key=_is_property)
        warm_up(self._session.items)
        gc.collect()
        gc.freeze()
        self._send("ready")
        # Never more than a byte at a time: what comes while an order is carried out is looked for in the pipe.
        while command := os.read(commands, 1):
            if command == RUN:
                self._run(json.loads(order.read_text(encoding="utf-8")), folder, commands)

    def _run(self, order: dict[str, Any], folder: Path, commands: int) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        sys.stdout.flush()
        sys.stderr.flush()
        ended, ending = os.pipe()
        parent, child = os.getpid(), _fork()
        if not child:
            os.close(commands)
            os.close(ended)
            die_with(parent)
            self._run_here(order, folder)
        os.close(ending)
        code, is_late = _await(child, ended, commands, order["wall"])
        os.close(ended)
        shutil.rmtree(folder, ignore_errors=True)
        self._send("done", returncode=code, timed_out=is_late)

    def _run_here(self, order: dict[str, Any], folder: Path) -> NoReturn:
        code = _BROKEN
        try:
            tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
            functions = self._select(order["select"])
            self._board.plug(self._connect(order["wall"]), order["program"], functions)
            code = self._run_items(order["stop_after"])
            self._send("finished", exitstatus=code)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _select(self, select: list[str] | None) -> int:
        """Keep the selected tests, and return how many functions they are of."""
        session, wanted = self._session, None if select is None else frozenset(select)
        session.items = [item for item in session.items if wanted is None or _names(item.nodeid) & wanted]
        return len({item.nodeid.partition("[")[0] for item in session.items})

    def _run_items(self, stop_after: int) -> int:
        session = self._session
        session.config.option.maxfail = stop_after
        self._send("collected", ids=[item.nodeid for item in session.items])
        for item, following in zip(session.items, [*session.items[1:], None], strict=False):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail or session.shouldstop:
                break
            # A property that fails is shrunk, which takes long and tells little beside an example that fails.
            if stop_after and session.testsfailed and following is not None and _is_property(following):
                break
        return _FAILED if session.testsfailed else _PASSED


def _is_property(item: pytest.Item) -> bool:
    # Whatever is fast and clear goes first: a wrong candidate is to fail there.
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


def _names(nodeid: str) -> frozenset[str]:
    path, separator, name = nodeid.partition("::")
    return frozenset({nodeid, path + separator + name.partition("[")[0]})


def _fork() -> int:
    with warnings.catch_warnings():
        # Threads of the project's own: what they hold is theirs, and the fork is over before long.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _await(child: int, ended: int, commands: int, seconds: float) -> tuple[int, bool]:
    deadline = time.monotonic() + seconds
    while True:
        left = deadline - time.monotonic()
        heard = select.select([ended, commands], [], [], max(0.0, min(left, _TICK)))[0]
        if ended in heard:
            time.sleep(0.0005)
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), False
        is_abandoned = commands in heard and os.read(commands, 1) != RUN
        if is_abandoned or left <= 0:
            os.kill(child, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), not is_abandoned
