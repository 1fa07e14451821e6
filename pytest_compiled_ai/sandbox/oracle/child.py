"""A pytest plugin for the oracle: collect once, then run what is ordered, each order in a fork of this process."""

from __future__ import annotations

import importlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_compiled_ai import binding
from pytest_compiled_ai.sandbox.codec.collection import collect_classes
from pytest_compiled_ai.sandbox.oracle.loop import Loop
from pytest_compiled_ai.sandbox.oracle.proxy import ProxyLoader
from pytest_compiled_ai.sandbox.oracle.report import OracleReporter
from pytest_compiled_ai.sandbox.oracle.switchboard import Switchboard
from pytest_compiled_ai.sandbox.suite.reporter import PLUGIN, Send, take_orders
from pytest_compiled_ai.sandbox.worker.channel import CallLimits
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.twins import TwinClient, connect_all


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser) -> Generator[None, Any, Any]:
    """Take the parent's orders, and put proxies in the place of the stubs, before a conftest can import them."""
    send, orders = take_orders(early_config, parser)
    board = Switchboard()
    binding.put_proxy(orders["module"], ProxyLoader(Path(orders["spec"]), orders["skeleton"], board))
    early_config.pluginmanager.register(OracleReporter(send, orders, board), PLUGIN)
    early_config.pluginmanager.register(_Oracle(send, orders, board), "compiled-ai-oracle")
    return (yield)


class _Oracle:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, send: Send, orders: dict[str, Any], board: Switchboard) -> None:
        self._send, self._orders, self._board = send, orders, board

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Serve orders until the parent is gone; leave what cannot be collected to pytest."""
        if session.testsfailed or not session.items:
            return None
        loop = Loop(session, self._send, self._board, self._connect)
        loop.serve(self._orders["commands"], Path(self._orders["order"]), Path(self._orders["tmp"]))
        return True

    def _connect(self, seconds: float) -> Client | TwinClient:
        limits = CallLimits(call=seconds, total=seconds)
        generated = importlib.import_module(self._orders["module"])
        return connect_all(self._orders["workers"], collect_classes(generated.__dict__), limits)
