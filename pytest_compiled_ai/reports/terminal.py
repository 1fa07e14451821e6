"""A run in the terminal: one line for where prompts go, a live line while it works, a table at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pytest_compiled_ai.reports.model import RunReport, SpecResult

if TYPE_CHECKING:
    from rich.live import Live

_STYLES = {
    "compiled": "green",
    "staged": "cyan",
    "restamped": "green",
    "verified": "green",
    "adopted": "green",
    "fresh": "dim",
    "kept": "yellow",
    "failed": "red",
    "interrupted": "red",
}


@dataclass(slots=True)
class _Work:
    """One spec at work: what is done, since when, and how many pieces of its present reply came."""

    spec: str = ""
    doing: str = ""
    pieces: int = 0
    started: float = field(default_factory=time.monotonic)
    asked: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        rate = self.pieces / max(0.1, time.monotonic() - self.asked)
        speed = f", {self.pieces} tokens, {rate:.0f}/s" if "writing" in self.doing else ""
        return f"  {escape(self.spec)}: {escape(self.doing)}{speed}, {time.monotonic() - self.started:.0f} s"


class TerminalWatcher:
    """Draws with rich on a terminal; elsewhere it writes plain lines, one for each thing that ended.

    Each thread that tells it something works on one spec at a time.
    """

    def __init__(self, file: IO[str] | None = None, *, color: bool | None = None) -> None:
        no_color = None if color is None else not color
        self._console = Console(file=file, no_color=no_color, highlight=False, soft_wrap=True)
        self._live: Live | None = None
        self._at_work: dict[int, _Work] = {}
        self._begun, self._todo, self._ended = time.monotonic(), 0, 0

    def run_started(self, where: str, model: str, todo: int, fresh: int, seconds: float) -> None:
        """Say where prompts go, how many specs need work, and about how long it takes."""
        self._begun, self._todo, self._ended = time.monotonic(), todo, 0
        rest = f", {fresh} left as they are" if fresh else ""
        plural = "" if todo == 1 else "s"
        self._print(
            f"[bold]compiled-ai[/]: {todo} spec{plural} to compile{rest}; prompts go to [bold]{escape(where)}[/] "
            f"({escape(model)}); about {_duration(seconds)}"
        )
        if self._console.is_terminal:
            from rich.live import Live

            self._live = Live(get_renderable=self._lines, console=self._console, refresh_per_second=8, transient=True)
            self._live.start()

    def waiting(self, reason: str) -> None:
        """Say what the run waits for."""
        self._print(f"compiled-ai: waiting: {escape(reason)}")

    def spec_started(self, spec: str, number: int, total: int) -> None:
        """Show the spec at work."""
        self._at_work[threading.get_ident()] = _Work(f"[{number}/{total}] {spec}")

    def attempt_started(self, number: int, of: int, kind: str) -> None:
        """Show the attempt, and count tokens from here."""
        work = self._work
        work.doing, work.pieces, work.asked = f"attempt {number} of {of}, writing", 0, time.monotonic()

    def token_came(self, text: str) -> None:
        """Count it: servers send about one token a piece."""
        self._work.pieces += 1

    def gate_started(self, name: str) -> None:
        """Show the check at work."""
        work = self._work
        work.doing = f"{work.doing.partition(',')[0]}, checking: {name}" if work.doing else name

    def attempt_failed(self, number: int, reason: str) -> None:
        """Say in one line why an attempt was refused."""
        self._print(f"  [dim]{escape(self._work.spec)}: attempt {number}: {escape(_one_line(reason))}[/]")

    def spec_ended(self, result: SpecResult) -> None:
        """Say in one line what became of a spec."""
        style = _STYLES[result.outcome]
        tries = "" if result.outcome in {"verified", "adopted"} else f"{_count_tries(result)}, "
        took = f"{tries}{result.seconds:.1f} s"
        self._print(f"  {escape(self._work.spec)}: [{style}]{result.outcome}[/] ({took})")
        self._at_work.pop(threading.get_ident(), None)
        self._ended += 1

    def run_ended(self, report: RunReport) -> None:
        """Draw the table, and a line for all that needs a person."""
        if self._live:
            self._live.stop()
            self._live = None
        worked = [r for r in report.results if r.outcome not in {"fresh", "kept"}]
        if worked:
            self._console.print(draw_table(worked))
            for tier in dict.fromkeys(r.tier for r in worked if r.tier):
                self._print(f"compiled-ai: tests ran {escape(tier)}")
        for line in describe_stages(worked):
            self._print(f"[dim]compiled-ai: {escape(line)}[/]")
        if cost := sum(result.cost for result in worked):
            self._print(f"compiled-ai: this run cost {cost:.4f}")
        for problem in report.problems:
            self._print(f"[red]compiled-ai: {escape(problem)}[/]")
        for result in report.results:
            for note in result.notes:
                self._print(f"compiled-ai: note: {escape(result.id)}: {escape(note)}")
            if result.message:
                style = "red" if result.outcome in {"failed", "interrupted"} else "yellow"
                self._print(f"[{style}]compiled-ai: {escape(result.id)}: {escape(result.message)}[/]")
        if staged := sum(result.outcome == "staged" for result in report.results):
            self._print(f"compiled-ai: {staged} staged and not written yet; look at what is new: `compiled-ai review`")
        if not worked and not report.problems:
            self._print(f"compiled-ai: {len(report.results)} specs, nothing to compile")

    def _print(self, text: str) -> None:
        self._console.print(text)

    @property
    def _work(self) -> _Work:
        return self._at_work.setdefault(threading.get_ident(), _Work())

    def _lines(self) -> str:
        """Return a line for each spec at work, and where there are many one for how it goes on."""
        lines = [str(work) for work in list(self._at_work.values())]
        left = self._todo - self._ended
        if self._ended and left > 1:
            seconds = (time.monotonic() - self._begun) / self._ended
            lines.append(f"  {self._ended} of {self._todo} done, about {_duration(seconds * left)} to go")
        return "\n".join(lines)


def _count_tries(result: SpecResult) -> str:
    tries = f"{result.attempts} attempt{'' if result.attempts == 1 else 's'}"
    return f"{tries}, {result.replayed} replayed" if result.replayed else tries


def draw_table(results: list[SpecResult]) -> Table:
    """Return the table of a run: spec, outcome, attempts, tokens, seconds, tier."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("spec", overflow="fold")
    table.add_column("state")
    for name in ("tries", "tokens", "seconds"):
        table.add_column(name, justify="right")
    table.add_column("tier")
    for r in results:
        outcome = f"[{_STYLES[r.outcome]}]{r.outcome}[/]"
        tokens = str(r.prompt_tokens + r.completion_tokens)
        table.add_row(escape(r.id), outcome, str(r.attempts), tokens, f"{r.seconds:.1f}", _short_tier(r.tier))
    return table


def describe_stages(results: list[SpecResult]) -> Iterator[str]:
    """Yield how long each stage took for the bodies that passed all of them: the median, with its gates."""
    passed = [result.verdicts for result in results if result.verdicts and all(v.passed for v in result.verdicts)]
    stages = [(verdict.stage, verdict.gate) for verdict in passed[0]] if passed else []
    for stage in dict.fromkeys(stage for stage, _ in stages):
        times = sorted(sum(v.seconds for v in verdicts if v.stage == stage) for verdicts in passed)
        gates = ", ".join(gate for other, gate in stages if other == stage)
        yield f"{stage.name.lower()} {_milliseconds(times[len(times) // 2])} a body: {gates}"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _short_tier(tier: str) -> str:
    return escape(tier.partition(":")[0])


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
