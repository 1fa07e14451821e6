"""What the oracle says of each test: as the jail's reporter does, with what became of the calls into the worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from pytest_compiled_ai.sandbox.codec.errors import UnknownError
from pytest_compiled_ai.sandbox.oracle.switchboard import Switchboard
from pytest_compiled_ai.sandbox.oracle.unanswered import Hostile, NeedsJail, OracleBroken, Unanswered
from pytest_compiled_ai.sandbox.suite.detail import shortened
from pytest_compiled_ai.sandbox.suite.reporter import Around, Reporter, Send
from pytest_compiled_ai.sandbox.worker.worker import RAISED_AT

_HERE = str(Path(__file__).parents[1])
_UNKNOWN = f"{UnknownError.__module__}.{UnknownError.__qualname__}: "
_FAILED = frozenset({"failed", "error"})


class OracleReporter(Reporter):
    """A reporter that fails a test whose call found no answer, whatever the test made of it."""

    def __init__(self, send: Send, orders: dict[str, Any], board: Switchboard) -> None:
        super().__init__(send, {**orders, "hidden": {**orders["hidden"], _UNKNOWN: ""}})
        self._board = board

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Give the test a worker."""
        super().pytest_runtest_logstart(nodeid)
        self._board.begin(nodeid)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Around:
        """Leave the way through the proxy out of what a failure shows."""
        if call.excinfo is not None:
            for trace in _traces(call.excinfo.value, call.excinfo.tb):
                _drop_own(trace)
        report = yield from super().pytest_runtest_makereport(call)
        line = getattr(call.excinfo.value, RAISED_AT, "") if call.excinfo is not None else ""
        if line and self._result["outcome"] in _FAILED:
            self._result["detail"] = shortened(f"{self._result['detail']}\nraised at: {line}")
        if call.excinfo is not None and self._result["kind"] == UnknownError.__name__:
            # As it was raised, if it could have been: what the exception says begins with its class.
            self._result["kind"] = str(call.excinfo.value).partition(":")[0].rpartition(".")[2]
        return report

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Report how a test ended, and how many calls reached each stub."""
        account = self._board.end()
        if account.unanswered is not None:
            self._note(account.unanswered)
        self._send("result", id=nodeid, **self._result, calls=account.calls, transcript=account.transcript)

    def _note(self, error: Unanswered) -> None:
        if self._result["outcome"] not in _FAILED:
            text = f"{type(error).__name__}: {error}"
            self._result = {"outcome": "failed", "phase": "call", "detail": shortened(text), "kind": ""}
        if isinstance(error, Hostile) or not self._result["kind"]:
            self._result["kind"] = type(error).__name__
        if isinstance(error, NeedsJail | OracleBroken):
            self._send("needs-jail" if isinstance(error, NeedsJail) else "broken", reason=str(error))


def _traces(error: BaseException, trace: TracebackType) -> Iterator[TracebackType]:
    yield trace
    # A doctest keeps what its examples raised inside its own failure.
    for failure in getattr(error, "failures", [error]):
        match getattr(failure, "exc_info", None):
            case (_, _, TracebackType() as inner):
                yield inner


def _drop_own(trace: TracebackType) -> None:
    last = trace
    while (following := last.tb_next) is not None:
        if following.tb_frame.f_code.co_filename.startswith(_HERE):
            last.tb_next = following.tb_next
        else:
            last = following
