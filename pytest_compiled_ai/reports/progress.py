"""A bar in the terminal for work that is measured in bytes."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID


class ProgressBar:
    """Draws a `Progress` with rich while it is entered; where no terminal is, each piece of work is one line."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        self._console = console
        self._task: TaskID | None = None
        self._text = ""
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def start(self, total: int, text: str) -> None:
        """Begin a bar of `total` bytes in place of the one before."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._text = text
        self._task = self._bar.add_task(text, total=total)
        if not self._console.is_terminal:
            self._console.print(text, highlight=False, markup=False)

    def advance(self, count: int) -> None:
        """Move the bar on by `count` bytes."""
        if self._task is not None:
            self._bar.advance(self._task, count)

    def stage(self, text: str) -> None:
        """Show beside the bar what happens now."""
        if self._task is None:
            self._console.print(text, highlight=False, markup=False)
        else:
            self._bar.update(self._task, description=f"{self._text} ({text})")
