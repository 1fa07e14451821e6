"""Walking through what waits, one body after the other, with a person at the keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import CompiledAIError
from pytest_compiled_ai.reports.model import Watcher
from pytest_compiled_ai.reports.review import draw_pending
from pytest_compiled_ai.reports.strength import describe_measured
from pytest_compiled_ai.review.bench import judge_edit, measure_pending, open_editor
from pytest_compiled_ai.review.decisions import accept, reject, wait_for_compile
from pytest_compiled_ai.review.pending import Pending

KEYS = "[a]ccept, [r]eject, [e]dit, [n]ext, [s]trength, [q]uit"


class Quit(Exception):
    """The person has had enough; what was decided is kept."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """One review on a terminal. `ask` puts a question and returns the answer; `strength` shows survivors unasked."""

    settings: Config
    console: Console
    ask: Callable[[str], str]
    watcher: Watcher
    strength: bool = False

    def run(self, pending: Sequence[Pending]) -> int:
        """Return how many bodies are left undecided."""
        left = len(pending)
        try:
            for number, each in enumerate(pending, 1):
                left -= self._decide(each, f"[{number}/{len(pending)}]")
        except (Quit, EOFError):
            self._say("stopped; what was decided is kept")
        return left

    def _decide(self, pending: Pending, place: str) -> bool:
        """Return whether a person decided."""
        self._show(pending, place)
        draft = pending.new
        while True:
            key = self.ask(f"{KEYS}: ").strip().lower()
            if key == "e":
                draft, edited = self._edit(pending, draft)
                if edited:
                    pending = edited
                    self._show(pending, place)
            elif key == "s":
                self._measure(pending)
            elif key == "a":
                return self._accept(pending)
            elif key == "r":
                return self._reject(pending)
            elif key == "n":
                return False
            elif key == "q":
                raise Quit

    def _show(self, pending: Pending, place: str) -> None:
        self.console.print(draw_pending(pending, place, self.settings, self.console.width))
        if self.strength:
            self._measure(pending)

    def _accept(self, pending: Pending) -> bool:
        try:
            accept(self.settings, pending, wait_for_compile)
        except CompiledAIError as error:
            self._say(str(error))
            return False
        self._say(f"{pending.id}: accepted")
        return True

    def _reject(self, pending: Pending) -> bool:
        if pending.kind == "written":
            self._say(f"{pending.id} stays written and not approved; edit it, or change its spec")
            return False
        reject(self.settings, pending.id, wait_for_compile)
        self._say(f"{pending.id}: rejected")
        return True

    def _edit(self, pending: Pending, draft: str) -> tuple[str, Pending | None]:
        """Return the text as it is now, and the body where every gate let it pass."""
        try:
            draft = open_editor(draft, os.environ)
            if draft == pending.new:
                self._say("nothing was changed")
                return draft, None
            self._say("the gates look at it")
            return draft, judge_edit(self.settings, pending, draft, self.watcher)
        except CompiledAIError as error:
            self._say(f"refused: {error}")
        return draft, None

    def _measure(self, pending: Pending) -> None:
        self._say("its tests are measured")
        for line in describe_measured(measure_pending(self.settings, pending, self.watcher)):
            self.console.print(line)

    def _say(self, text: str) -> None:
        self.console.print(f"compiled-ai: {text}")
