"""The work of a run: the specs that it compiles, one after the other or side by side, and what becomes of each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pytest_compiled_ai.compiler.approval import Keep, keep_body
from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.compiler.bench import Bench
from pytest_compiled_ai.compiler.budget import Account
from pytest_compiled_ai.compiler.compilation import Compilation
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.keeping import Keeping
from pytest_compiled_ai.compiler.lanes import Lanes
from pytest_compiled_ai.compiler.project import Project, Standing
from pytest_compiled_ai.compiler.schedule import find_earlier
from pytest_compiled_ai.compiler.search import Strategy
from pytest_compiled_ai.compiler.staging import Staging
from pytest_compiled_ai.errors import CompiledAIError, ProviderError, tell_machine_errors
from pytest_compiled_ai.providers.base import Provider
from pytest_compiled_ai.providers.lanes import provider_at
from pytest_compiled_ai.reports.model import SpecResult, Watcher
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.validation.far import FarBench
from pytest_compiled_ai.validation.sites import Sites

_SILENCE = 3
"""Specs in a row whose questions no model answers, behind which no further one is begun."""

Task = tuple[SpecFile, Stub, Standing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be compiled with which models, and the results so far, in the order of the specs.

    `staging` takes each body that passes, for a review; without it they are written. `results` holds what became of
    other specs, too; those of `todo` are added.
    """

    project: Project
    todo: Sequence[Task]
    providers: Sequence[Provider]
    ask: Strategy
    staging: Staging | None
    watcher: Watcher
    account: Account
    results: dict[str, SpecResult] = field(default_factory=dict)

    def do_in_turn(self, shop: Bench) -> None:
        """Compile one spec after the other.

        Raises:
            ProviderError: the very first question met with no answer.
        """
        keep = self.staging or keep_body
        try:
            for number, (_, stub, _) in enumerate(self.todo):
                if self._has_lost_providers():
                    break
                self.results[stub.id] = self._compile(number, shop, self.providers, keep)
        except (ProviderError, KeyboardInterrupt) as end:
            self._leave(end)
            raise
        self._leave()

    def do_side_by_side(self, sites: Sites, count: int) -> None:
        """Compile up to `count` specs at once; none before those that it has to come after.

        Raises:
            ProviderError: the very first question met with no answer.
        """
        keep = Keeping(self.staging or keep_body)
        asked = [[provider_at(provider, lane) for provider in self.providers] for lane in range(count)]

        def work(number: int, lane: int) -> SpecResult:
            bench = FarBench(sites, lane, self.todo[number][1].id, lambda: keep.approved)
            return self._compile(number, bench, asked[lane], keep)

        before = find_earlier([(file, stub) for file, stub, _ in self.todo], self.project.tests)
        jobs = {stub.id: number for number, (_, stub, _) in enumerate(self.todo)}
        lanes = Lanes(count, work)
        try:
            for name, result in lanes.run(jobs, before, lambda: not self._has_lost_providers()):
                self.results[name] = result
            self._leave()
        except (ProviderError, KeyboardInterrupt) as end:
            # What is under way comes to an end at once, and is not kept any more.
            keep.end()
            for end_of in (*(provider.close for provider in self.providers), sites.abandon):
                end_of()
            self._leave(end)
            raise
        finally:
            lanes.end()

    def _compile(self, number: int, shop: Bench, providers: Sequence[Provider], keep: Keep) -> SpecResult:
        exam = self._examine(number, shop)
        task = Compilation(exam=exam, providers=providers, account=self.account, ask=self.ask, keep=keep)
        started = time.monotonic()
        try:
            result = self._judge(task)
        finally:
            shop.restore(self.project.config.root, exam.file)
        result = replace(_count(result, task.attempts), seconds=time.monotonic() - started)
        self.watcher.spec_ended(result)
        return result

    def _judge(self, task: Compilation) -> SpecResult:
        """Return what becomes of a spec; an error of its own is its result."""
        try:
            if self.staging:
                self.staging.check_uses(task.exam.stub)
            with tell_machine_errors():
                result = task.run()
        except CompiledAIError as error:
            # A model that has answered nothing would answer the next spec no better, after as many retries.
            if isinstance(error, ProviderError):
                if not self.account.has_answered:
                    raise
                self.account.miss()
            before = task.exam.standing.state
            return SpecResult(id=task.exam.stub.id, before=before, outcome="failed", message=str(error))
        if self.staging and result.outcome == "compiled" and result.id in self.staging.specs:
            return replace(result, outcome="staged")
        return result

    def _examine(self, number: int, bench: Bench) -> Examination:
        """Return the examination of a spec, and tell that it begins."""
        file, stub, standing = self.todo[number]
        self.watcher.spec_started(stub.id, number + 1, len(self.todo))
        return Examination(
            project=self.project,
            file=file,
            stub=stub,
            standing=standing,
            shop=bench,
            watcher=self.watcher,
            waiting=self._waiting_at(number),
        )

    def _waiting_at(self, number: int) -> frozenset[str]:
        """Return the specs that have no body when it is a spec's turn.

        Those are the ones behind it, those that got none, and of those that were not chosen the ones that it uses or
        that its tests reach: such a test is for whichever of them comes last.
        """
        missing = {stub.id: place for place, (_, stub, standing) in enumerate(self.todo) if standing.state == "missing"}
        waiting = {r.id for r in self.results.values() if (r.before, r.outcome) == ("missing", "staged")}
        for id_, place in missing.items():
            result = self.results.get(id_)
            if place > number or (result and result.outcome not in {"compiled", "restamped"}):
                waiting.add(id_)
        file, stub, _ = self.todo[number]
        with self.project.reading:
            reached = frozenset(stub.options.uses).union(*(ref.reaches for ref in self.project.tests(file, stub)))
        chosen = {each.id for _, each, _ in self.todo}
        waiting.update(id_ for id_ in reached - chosen if not self.project.has_body(id_))
        return frozenset(waiting - {stub.id})

    def _has_lost_providers(self) -> bool:
        return self.account.unanswered >= _SILENCE

    def _leave(self, end: BaseException | None = None) -> None:
        """Note what became of the specs that nothing became of, in the order of all."""
        for _, stub, standing in self.todo:
            result = self.results.pop(stub.id, None) or _unfinished(stub, standing, end)
            self.results[stub.id] = result


def _count(result: SpecResult, attempts: Sequence[Attempt]) -> SpecResult:
    """Return a result with what its attempts cost."""
    paid = [attempt for attempt in attempts if not attempt.replayed]
    return replace(
        result,
        attempts=len(attempts),
        replayed=len(attempts) - len(paid),
        prompt_tokens=sum(attempt.prompt_tokens for attempt in paid),
        completion_tokens=sum(attempt.completion_tokens for attempt in paid),
        cost=sum(attempt.cost for attempt in paid),
    )


def _unfinished(stub: Stub, standing: Standing, end: BaseException | None) -> SpecResult:
    if isinstance(end, ProviderError):
        return SpecResult(id=stub.id, before=standing.state, outcome="failed")
    message = "interrupted; run again to go on." if end else "not begun: no model answers any more; run again to go on."
    return SpecResult(id=stub.id, before=standing.state, outcome="interrupted", message=message)
