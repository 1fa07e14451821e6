"""The pace that an endpoint asks for: one answer of "too many requests" holds back every question to it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

TOO_MANY: Final = frozenset({429, 503})
LONGEST: Final = 60.0
"""Seconds that an endpoint may hold questions back at a time, whatever it asks for."""
_FIRST: Final = 0.5
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


class Response(Protocol):
    """What is looked at of an answer, whichever HTTP library brings it."""

    @property
    def status_code(self) -> int:
        """Return the status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers; their names may be asked for in lower case."""
        ...


class Pacer:
    """Holds questions back for as long as the endpoint says, and longer each time that it goes on saying so.

    Args:
        clock: seconds, that only grow.
        sleep: waits for so many seconds.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._not_before = 0.0
        self._pauses = 0

    def hold(self, request: Any) -> None:
        """Wait until a question may go out."""
        while (left := self._not_before - self._clock()) > 0:
            self._sleep(left)

    def note(self, response: Response) -> None:
        """Take in what an answer says of the pace."""
        now = self._clock()
        with self._lock:
            if response.status_code in TOO_MANY:
                # Those that were on their way together are told together, and that counts once.
                if now >= self._not_before:
                    self._pauses += 1
                self._hold_until(now + max(_asked(response.headers), _FIRST * 2.0 ** (self._pauses - 1)), now)
            elif response.status_code < 400:
                self._pauses = 0
                if response.headers.get("x-ratelimit-remaining-requests") == "0":
                    self._hold_until(now + read_seconds(response.headers.get("x-ratelimit-reset-requests", "")), now)

    def _hold_until(self, then: float, now: float) -> None:
        self._not_before = max(self._not_before, min(then, now + LONGEST))


def _asked(headers: Mapping[str, str]) -> float:
    if milliseconds := headers.get("retry-after-ms"):
        return read_seconds(f"{milliseconds}ms")
    return read_seconds(headers.get("retry-after", ""))


def read_seconds(text: str) -> float:
    """Return a duration in seconds: `2`, `0.5`, `20ms`, `6m0s`; 0 for what is none, as a date is."""
    if re.fullmatch(r"\d+(\.\d+)?", text.strip()):
        return float(text)
    if not re.fullmatch(rf"({_DURATION.pattern})+", text.strip()):
        return 0.0
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(text))
