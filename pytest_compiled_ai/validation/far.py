"""A bench that is elsewhere: every act of it is an order to a site's executor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer
from pytest_compiled_ai.gates.base import Candidate, Subject, Verdict
from pytest_compiled_ai.gates.types import TypeFault
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.specs.model import SpecFile
from pytest_compiled_ai.validation.order import Act, Order, Refusal, perform
from pytest_compiled_ai.validation.sites import Site, Sites

_MOVES: Final = 2
"""How often a spec goes on elsewhere; what has broken three processes would break a fourth."""


class FarBench:
    """Judges the candidates of one spec at a site; when that is gone, it begins anew at another and goes on there.

    Args:
        sites: where.
        lane: the lane that the spec is in.
        spec: the spec's id.
        approved: returns the artifacts that this run has written so far.
    """

    def __init__(self, sites: Sites, lane: int, spec: str, approved: Callable[[], Mapping[str, str]]) -> None:
        self._sites, self._spec, self._approved = sites, spec, approved
        self._site = sites.at(lane)
        self._begun: tuple[Any, ...] = ()
        self._moves = _MOVES

    def begin(self, subject: Subject, raising: Candidate) -> TestRun:
        """Return the first run of the spec's tests, against a body that only raises."""
        run: TestRun = self._order("begin", subject, raising)
        self._begun = subject, raising
        return run

    def errors_of(self, module: str, subject: Subject) -> list[TypeFault]:
        """Return mypy's errors in an artifact of that text."""
        faults: list[TypeFault] = self._order("errors_of", module, subject)
        return faults

    def try_out(self, candidate: Candidate, subject: Subject, started: Callable[[str], None]) -> tuple[Verdict, ...]:
        """Return the verdicts of all gates but the last, up to the first that says no."""
        started("gates")
        verdicts: tuple[Verdict, ...] = self._order("try_out", candidate, subject)
        return verdicts

    def ask_last(self, candidate: Candidate, subject: Subject, started: Callable[[str], None]) -> tuple[Verdict, ...]:
        """Return the verdict of the last gate."""
        started("confirm")
        verdicts: tuple[Verdict, ...] = self._order("confirm", candidate, subject)
        return verdicts

    def answer(self, module: str, inputs: Sequence[Input]) -> tuple[Answer, ...]:
        """Return what an artifact's function answers; nothing where it cannot be called from outside."""
        answers: tuple[Answer, ...] = self._order("answer", module, inputs)
        return answers

    def restore(self, root: Path, file: SpecFile) -> None:
        """End what ran for the spec there, and put its artifact as it is in the place of the last candidate."""
        self._order("restore", file)

    def _order(self, act: Act, *given: Any) -> Any:
        while True:
            try:
                return self._send(self._site, act, given)
            except BrokenExecutor as broken:
                if not self._moves:
                    raise HarnessError(f"{broken}, and so did others in its place; is there memory enough?") from None
                self._moves -= 1
                self._site = self._sites.replace(self._site)
                if self._begun:
                    self._begin_again()

    def _begin_again(self) -> None:
        with suppress(BrokenExecutor):
            self._send(self._site, "begin", self._begun)

    def _send(self, site: Site, act: Act, given: tuple[Any, ...]) -> Any:
        files = {path: text for path, text in self._approved().items() if site.known.get(path) != text}
        order = Order(config=site.config, bench=site.bench, spec=self._spec, act=act, given=given, files=files)
        answer = site.executor.submit(perform, order).result()
        site.known.update(files)
        if isinstance(answer, Refusal):
            raise answer.error()
        return answer
