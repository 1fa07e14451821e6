"""An event loop that needs nothing of the system but a clock: a sealed process can open no selector and no socket."""

from __future__ import annotations

import asyncio
import time
import warnings
from typing import Any


class _Sleeper:
    """Stands where a loop has its selector: nothing ever becomes ready, so waiting is sleeping."""

    def select(self, timeout: float | None = None) -> list[Any]:
        """Wait for `timeout` seconds; for ever, where there is none, as nothing could end it."""
        while timeout is None:
            time.sleep(1.0)
        if timeout > 0:
            time.sleep(timeout)
        return []


class QuietLoop(asyncio.BaseEventLoop):
    """Runs tasks and timers; whatever needs a descriptor is not there."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Sleeper()

    def _process_events(self, events: list[Any]) -> None:
        """Do nothing: there are none."""

    def _write_to_self(self) -> None:
        """Do nothing: there is no other thread that could have to wake this one."""


def use_everywhere() -> None:
    """Let every new loop of this process be a quiet one, as `asyncio.run` inside a function makes its own."""
    with warnings.catch_warnings():
        # Deprecated since Python 3.14, without a successor that code which calls `asyncio.run` could not notice.
        warnings.simplefilter("ignore", DeprecationWarning)

        class Policy(asyncio.DefaultEventLoopPolicy):
            def new_event_loop(self) -> asyncio.AbstractEventLoop:
                return QuietLoop()

        asyncio.set_event_loop_policy(Policy())
