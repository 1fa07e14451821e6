"""The parent's eye on a running child: it ends by itself, or at a limit."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Sequence
from typing import Literal

from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.jail.streams import Records, Stream
from pytest_compiled_ai.sandbox.kernel.limits import MIB, Limits

Ending = Literal["exited", "timeout", "overflow"]

_TICK, _LAST_TICK, _DISK_TICK = 0.05, 0.002, 0.25


class Watch:
    """Reads a child's streams until it has ended or a limit is passed; it ends no child itself."""

    def __init__(self, process: subprocess.Popen[bytes], streams: Sequence[Stream], records: Records) -> None:
        self._process = process
        self._streams = streams
        self._records = records
        self._started = time.monotonic()

    def until_end(self, limits: Limits, scratch: Scratch) -> tuple[Ending, str]:
        """Return how it ended and, for a limit, which one, in words."""
        disk_at = self._started
        with selectors.DefaultSelector() as selector:
            for stream in self._streams:
                selector.register(stream.descriptor, selectors.EVENT_READ, stream)
            while not self.is_done():
                self._read(selector)
                if reason := self._overflow(limits):
                    return "overflow", reason
                if reason := self._overrun(limits):
                    return "timeout", reason
                if time.monotonic() - disk_at > _DISK_TICK:
                    disk_at = time.monotonic()
                    if scratch.measure(limits.entries) > limits.disk:
                        return "overflow", f"wrote more than {limits.disk // MIB} MiB, or too many files"
        for stream in self._streams:
            stream.drain()
        reason = self._overflow(limits)
        return ("overflow" if reason else "exited"), reason

    def is_done(self) -> bool:
        """Tell whether there is nothing to wait for any more."""
        return has_ended(self._process)

    def _read(self, selector: selectors.BaseSelector) -> None:
        everything_open = all(stream.is_open for stream in self._streams)
        for key, _ in selector.select(_TICK if everything_open else _LAST_TICK):
            key.data.read()
            if not key.data.is_open:
                selector.unregister(key.fd)

    def _overflow(self, limits: Limits) -> str:
        over = [stream.name for stream in self._streams if stream.is_over]
        size = {"output": limits.output, "records": limits.records}
        return f"wrote more than {size[over[0]] // MIB} MiB of {over[0]}" if over else ""

    def _overrun(self, limits: Limits) -> str:
        collected, now = self._records.collected_at, time.monotonic()
        if collected is None:
            late = now - self._started > limits.startup
            return f"took longer than {limits.startup:g} s to collect its tests" if late else ""
        return f"ran longer than {limits.wall:g} s" if now - collected > limits.wall else ""


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether the child has ended, without reaping it where the system can: its group must be killed first."""
    if not hasattr(os, "waitid"):  # pragma: no cover (macOS before Python 3.13)
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True
