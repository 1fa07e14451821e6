"""How far the runs of an evaluation are."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class RunProgress:
    """A bar of processes on a terminal; elsewhere a line for each artifact."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task("measuring", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def started(self, spec: str, processes: int) -> None:
        """Name the artifact's spec file."""
        path = spec.partition("::")[0]
        self._bar.update(self._task, description=escape(path))
        if not self._console.is_terminal:
            print(f"compiled-ai: measuring {path} in {processes:,} processes", file=sys.stderr)

    def advanced(self) -> None:
        """Move the bar on by a process."""
        self._bar.advance(self._task)
