"""A pytest plugin for the jailed child: tell the parent, line by line, what is collected and how each test ends."""

from __future__ import annotations

import gc
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import redirect_stderr, suppress
from pathlib import Path
from typing import Any

import pytest

from pytest_compiled_ai.sandbox.jail.protocol import ORDERS_VARIABLE, RECORDS_VARIABLE
from pytest_compiled_ai.sandbox.suite.detail import detail_of, shortened
from pytest_compiled_ai.sandbox.suite.repeatable import ProfileOnImport, load_profile, quieten

Send = Callable[..., None]
Around = Generator[None, Any, Any]
PLUGIN = "compiled-ai-reporter"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser) -> Around:
    """Take the parent's orders before any file of the project is imported."""
    send, orders = take_orders(early_config, parser)
    early_config.pluginmanager.register(Reporter(send, orders), PLUGIN)
    return (yield)


def take_orders(early_config: pytest.Config, parser: pytest.Parser) -> tuple[Send, dict[str, Any]]:
    """Take the parent's orders out of the environment, and return them with the way to answer."""
    early_config.known_args_namespace.no_cov = True
    # A candidate stands in the place of the artifact: whether that is fresh is no question here, and takes time.
    early_config.pluginmanager.set_blocked("compiled_ai_states")
    if early_config.pluginmanager.is_blocked("cacheprovider"):
        # The parent sets the cache's folder; without the cache, pytest would complain of an unknown setting.
        parser.addini("cache_dir", help="the folder of a cache that this project has turned off")
    sys.meta_path.insert(0, ProfileOnImport())
    orders = json.loads(Path(os.environ.pop(ORDERS_VARIABLE)).read_text(encoding="utf-8"))
    descriptor = int(os.environ.pop(RECORDS_VARIABLE))
    return _sender(descriptor), orders


def _sender(descriptor: int) -> Send:
    def send(event: str, **values: object) -> None:
        line = json.dumps({"event": event, **values}).encode() + b"\n"
        while line:
            line = line[os.write(descriptor, line) :]

    return send


class Reporter:
    """Keeps the selected tests and sends one record for each thing that happens.

    `orders` holds `select` (node ids, or None for all), `cover` (a path, or None) and `hidden` (see `detail_of`).
    """

    def __init__(self, send: Send, orders: dict[str, Any]) -> None:
        self._send = send
        self._select = None if orders["select"] is None else frozenset(orders["select"])
        self._cover: str | None = orders["cover"]
        self._hidden: dict[str, str] = orders["hidden"]
        self._result: dict[str, object] = {}
        self._given: dict[str, object] = {}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> Around:
        """Run in this process, in order, whatever the project's options say."""
        quieten(config)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Around:
        """Have the last word on hypothesis' profile where a conftest has loaded its own."""
        if "hypothesis" in sys.modules:
            load_profile()
        return (yield)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Report what could not be collected."""
        if report.failed:
            self._send("collect-error", path=report.nodeid, detail=detail_of(report.longreprtext, self._hidden))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> Around:
        """Keep the selected tests, after every other plugin has had its way."""
        result = yield
        dropped = [item for item in items if not self._is_selected(item.nodeid)]
        if dropped:
            items[:] = [item for item in items if self._is_selected(item.nodeid)]
            config.hook.pytest_deselected(items=dropped)
        return result

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Report what will run."""
        self._send("collected", ids=[item.nodeid for item in session.items])
        # pytest looks for garbage five times when it ends: what is there before any test need not be looked through.
        gc.freeze()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Note the row of parameters that a test is given."""
        row = getattr(item, "callspec", None)
        self._given = dict(row.params) if row else {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Report what runs now, to be known if it never ends."""
        self._result = {"outcome": "passed", "phase": "call", "detail": "", "kind": ""}
        self._send("start", id=nodeid)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Around:
        """Note the worst of a test's phases."""
        report: pytest.TestReport = yield
        outcome = _outcome(report)
        if _RANK[outcome] > _RANK[str(self._result["outcome"])]:
            kind = call.excinfo.typename if call.excinfo else ""
            detail = self._detail(report)
            self._result = {"outcome": outcome, "phase": report.when, "detail": detail, "kind": kind}
        return report

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Report how a test ended."""
        self._send("result", id=nodeid, **self._result)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Around:
        """Report the exit status, as the last plugin has left it."""
        result = yield
        self._send("finished", exitstatus=int(session.exitstatus))
        return result

    def pytest_unconfigure(self) -> None:
        """Report what was executed of the covered file, if coverage is measured."""
        if self._cover is not None:
            with suppress(Exception):  # a figure that cannot be had is a missing figure, not a failed run
                self._send("coverage", **_coverage_of(self._cover))

    def _is_selected(self, nodeid: str) -> bool:
        path, separator, name = nodeid.partition("::")
        base = path + separator + name.partition("[")[0]
        return self._select is None or nodeid in self._select or base in self._select

    def _detail(self, report: pytest.TestReport) -> str:
        if isinstance(report.longrepr, tuple):
            return shortened(report.longrepr[2].removeprefix("Skipped: "))
        return detail_of(getattr(report, "wasxfail", "") or report.longreprtext, self._hidden, self._given)


_RANK = {"passed": 0, "xpassed": 1, "xfailed": 1, "skipped": 1, "failed": 2, "error": 3}


def _outcome(report: pytest.TestReport) -> str:
    expected_to_fail = hasattr(report, "wasxfail")
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if report.skipped:
        return "xfailed" if expected_to_fail else "skipped"
    return "xpassed" if expected_to_fail else "passed"


def _coverage_of(path: str) -> dict[str, object]:
    import coverage

    current = coverage.Coverage.current()
    assert current is not None
    current.stop()
    with tempfile.NamedTemporaryFile(suffix=".json") as file, redirect_stderr(io.StringIO()):
        current.json_report(morfs=[path], outfile=file.name)
        (figures,) = json.loads(Path(file.name).read_text(encoding="utf-8"))["files"].values()
    return {
        "executed": figures["executed_lines"],
        "missing": figures["missing_lines"],
        "missing_branches": figures["missing_branches"],
    }
