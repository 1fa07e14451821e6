"""What a compile leaves: a line for each spec, with what was asked about it, replayed or not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.codegen.clerk import read_lines
from pytest_compiled_ai.reports.model import SpecResult

_KEPT = ("id", "outcome", "attempts", "prompt_tokens", "completion_tokens", "seconds", "message")


class Ledger:
    """A watcher that writes a line for each spec that was worked on, and tells each refusal."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None

    def spec_started(self, spec: str, number: int, total: int) -> None:
        """Tell it."""
        print(f"{number}/{total} {spec}", flush=True)

    def attempt_failed(self, number: int, reason: str) -> None:
        """Tell why."""
        print(f"  {number}: {' '.join(reason.split())[:150]}", flush=True)

    def spec_ended(self, result: SpecResult) -> None:
        """Write the line."""
        print(f"  {result.outcome} {result.attempts} {result.seconds:.1f} s {result.message[:150]}", flush=True)
        if result.outcome == "fresh":
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({name: getattr(result, name) for name in _KEPT}) + "\n")


def read_ledger(path: Path) -> list[dict[str, Any]]:
    """Return the last line of each spec: one that is run again replays what was asked, and counts it again."""
    return list({line["id"]: line for line in read_lines(path)}.values())
