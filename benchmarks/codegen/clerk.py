"""What a run of a set leaves: a line for each problem, with what was asked about it, replayed or not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pytest_compiled_ai.providers.base import OnToken, Provider, Reply, Request
from pytest_compiled_ai.reports.model import SpecResult

SOLVED = "compiled"
"""The outcome of a problem whose body was accepted."""
_REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one problem; seconds are those of a run that replays nothing.

    `refused_by` are the gates that refused, in the order of time, and `first_refused_by` the one that refused the first
    candidate. `solved_at` is the number of the first candidate that passed, 0 where that was the last one.
    """

    name: str
    outcome: str
    attempts: int = 0
    solved_at: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    refused_by: list[str] = field(default_factory=list)
    first_refused_by: str = ""
    message: str = ""
    notes: list[str] = field(default_factory=list)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a result file, none where it is missing."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def write_line(path: Path, line: Line) -> None:
    """Add a line to a result file, and tell it."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(line)) + "\n")
    print(f" {line.name} {line.outcome} {line.attempts} {line.seconds:.1f} s {line.message[:150]}", flush=True)


class Metered:
    """Counts what a provider says about one problem, replayed or not."""

    def __init__(self, inner: Provider) -> None:
        self.name, self.model, self.where = inner.name, inner.model, inner.where
        self._inner = inner
        self.replies: list[Reply] = []

    def complete(self, request: Request, on_token: OnToken | None = None) -> Reply:
        """Answer one request; an attempt is an attempt here, whoever paid for it."""
        reply = self._inner.complete(request, on_token)
        self.replies.append(reply)
        return replace(reply, replayed=False)

    def close(self) -> None:
        """Close the provider that answers."""
        self._inner.close()

    def measure(self, started: float) -> dict[str, Any]:
        """Return the tokens of a problem, and the seconds since `started` with those that replays have saved."""
        return {
            "prompt_tokens": sum(reply.prompt_tokens for reply in self.replies),
            "completion_tokens": sum(reply.completion_tokens for reply in self.replies),
            "seconds": time.monotonic() - started + sum(reply.seconds for reply in self.replies if reply.replayed),
        }


class Clerk:
    """A watcher that writes a line for each problem.

    Args:
        path: the result file.
        meter: counts the replies; it may be given later, when the provider is opened.
    """

    def __init__(self, path: Path, meter: Metered | None = None) -> None:
        self.meter = meter
        self._path = path
        self._gate, self._started = "", 0.0
        self._refused_by: list[str] = []
        self._first_refused_by = ""
        self._reasons: dict[str, str] = {}
        self._passed: set[int] = set()

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None

    def spec_started(self, spec: str, number: int, total: int) -> None:
        """Begin to count."""
        self._refused_by, self._first_refused_by, self._reasons = [], "", {}
        self._passed = set()
        self._started = time.monotonic()
        if self.meter:
            self.meter.replies.clear()
        print(f"{number}/{total} ", end="", flush=True)

    def attempt_started(self, number: int, *_: object) -> None:
        """Expect a reply, which may be refused before any gate."""
        self._gate = _REPLY
        self._passed.add(number)

    def gate_started(self, name: str) -> None:
        """Remember who judges."""
        self._gate = name

    def attempt_failed(self, number: int, reason: str) -> None:
        """Note who refused."""
        # A candidate that came before is not judged again: it is refused for the same reason.
        gate = self._reasons.get(reason, _REPLY) if self._gate == _REPLY else self._gate
        self._reasons[reason] = gate
        self._refused_by.append(gate)
        self._passed.discard(number)
        if number == 1 and not self._first_refused_by:
            self._first_refused_by = gate
        print(".", end="", flush=True)

    def spec_ended(self, result: SpecResult) -> None:
        """Write the line."""
        assert self.meter
        line = Line(
            name=name_of(result.id),
            outcome=result.outcome,
            attempts=result.attempts,
            solved_at=min(self._passed, default=0),
            refused_by=self._refused_by,
            first_refused_by=self._first_refused_by,
            message=result.message,
            notes=list(result.notes),
            **self.meter.measure(self._started),
        )
        write_line(self._path, line)


def name_of(spec: str) -> str:
    """Return the problem that a spec id, or a message that begins with a spec file's path, is about."""
    return Path(spec.partition(":")[0]).stem
