"""The loop: every spec that needs it goes from stub to approved body, one after the other or side by side."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.artifacts.plan import check_writable, find_leftovers, remove_leftovers
from pytest_compiled_ai.compiler.budget import Account
from pytest_compiled_ai.compiler.project import Project, Standing
from pytest_compiled_ai.compiler.schedule import find_earlier
from pytest_compiled_ai.compiler.search import Strategy, next_question
from pytest_compiled_ai.compiler.shards import Shard, find_share
from pytest_compiled_ai.compiler.staging import Staging
from pytest_compiled_ai.compiler.work import Task, Work
from pytest_compiled_ai.compiler.workshop import open_workshop
from pytest_compiled_ai.errors import CompiledAIError, ProviderError, tell_machine_errors
from pytest_compiled_ai.providers.absent import AbsentProvider
from pytest_compiled_ai.providers.base import THIS_MACHINE, Provider
from pytest_compiled_ai.providers.lanes import concurrency_of
from pytest_compiled_ai.reports.model import RunReport, SpecResult, Watcher
from pytest_compiled_ai.sandbox.jail.folder import clear_abandoned
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.specs.order import compile_order
from pytest_compiled_ai.validation.sites import open_sites

_SECONDS = {THIS_MACHINE: 30.0}
"""What a spec takes on average, for the first line: the embedded model on two cores; a remote one is faster."""


class Compiler:
    """Compiles the specs of a project.

    Args:
        project: the specs.
        provide: opens the configured providers; called once, and only where there is work.
        watcher: is told what happens.
        ask: chooses the questions.
        staging: takes each body that passes, for a review; without it they are written.
    """

    def __init__(
        self,
        project: Project,
        provide: Callable[[], Sequence[Provider]],
        watcher: Watcher,
        ask: Strategy = next_question,
        staging: Staging | None = None,
    ) -> None:
        self._project, self._provide, self._watcher = project, provide, watcher
        self._ask, self._staging = ask, staging
        self._config = project.config
        self._results: dict[str, SpecResult] = {}
        self._has_waited = False
        self._shard: Shard | None = None

    def compile(self, *, only: str | None = None, force: bool = False, shard: Shard | None = None) -> RunReport:
        """Compile what is missing or stale, and return what became of every spec.

        Args:
            only: a glob over spec ids, or a name; other specs are left as they are.
            force: compile fresh and hand-edited specs anew, too.
            shard: a share of the specs; the rest is another machine's.

        Raises:
            ConfigError: the project's folders cannot be written.
            ProviderError: no model can be asked, or its first question met with no answer.
        """
        with warnings.catch_warnings():
            # A project's warning filters are for its tests: no reading of code and no import of ours goes by them.
            warnings.simplefilter("ignore")
            self._shard = shard
            return self._compile(only, force)

    def _compile(self, only: str | None, force: bool) -> RunReport:
        folder = self._config.generated_root
        if not self._todo(only, force) and not find_leftovers(folder):
            clear_abandoned()
            return self._ended()
        check_writable(folder)
        with hold_lock(self._config.root, self._wait), tell_machine_errors():
            remove_leftovers(folder)
            # Whoever held the lock may have compiled them meanwhile.
            todo = self._todo(only, force)
            if todo:
                self._compile_all(todo, len(self._results))
        return self._ended()

    def _wait(self) -> None:
        self._watcher.waiting("another compile of this project is running")
        self._has_waited = True

    def _choose(self, only: str | None) -> Sequence[tuple[SpecFile, Stub]]:
        if self._has_waited:
            # People go on writing while they wait: what is judged is what there is now.
            self._project, self._has_waited = Project(self._config), False
        order = compile_order(self._project.files, only)
        if self._shard is None:
            return order
        # Shares are of the whole project, whatever is chosen of it.
        share = find_share(find_earlier(compile_order(self._project.files), self._project.tests), self._shard)
        return [(file, stub) for file, stub in order if stub.id in share]

    def _todo(self, only: str | None, force: bool) -> list[Task]:
        self._results.clear()
        todo = []
        for file, stub in self._choose(only):
            try:
                standing = self._project.standing(file, stub)
            except CompiledAIError as error:
                self._results[stub.id] = SpecResult(id=stub.id, before="missing", outcome="failed", message=str(error))
                continue
            if force or standing.state in {"missing", "stale"}:
                if not force and self._staging and self._staging.holds(file, stub, standing):
                    self._results[stub.id] = SpecResult(id=stub.id, before=standing.state, outcome="staged")
                    continue
                todo.append((file, stub, standing))
            else:
                self._results[stub.id] = _left_alone(stub, standing)
        return todo

    def _compile_all(self, todo: Sequence[Task], rest: int) -> None:
        with ExitStack() as stack:
            providers = self._open_providers(todo)
            for provider in providers:
                stack.callback(provider.close)
            expected = _SECONDS.get(providers[0].where, 8.0) * len(todo)
            where, model = (_in_turn(getattr(each, name) for each in providers) for name in ("where", "model"))
            self._watcher.run_started(where, model, len(todo), rest, expected)
            work = Work(
                project=self._project,
                todo=todo,
                providers=providers,
                ask=self._ask,
                staging=self._staging,
                watcher=self._watcher,
                account=Account(self._config.budget),
                results=self._results,
            )
            try:
                self._do(work, stack)
            except (ProviderError, KeyboardInterrupt):
                self._ended()
                raise

    def _do(self, work: Work, stack: ExitStack) -> None:
        lanes = min(concurrency_of(work.providers[0]), len(work.todo))
        if lanes == 1:
            work.do_in_turn(stack.enter_context(open_workshop(self._config)))
            return
        # The model inside needs the cores itself.
        most = 1 if work.providers[0].where == THIS_MACHINE else lanes
        work.do_side_by_side(stack.enter_context(open_sites(self._config, most)), lanes)

    def _open_providers(self, todo: Sequence[Task]) -> Sequence[Provider]:
        try:
            return self._provide()
        except ProviderError as error:
            if all(standing.state == "stale" for _, _, standing in todo):
                # Bodies that still pass are restamped, in CI as on a machine without a model.
                return (AbsentProvider(error),)
            raise

    def _ended(self) -> RunReport:
        report = RunReport(
            results=tuple(self._results.values()), problems=tuple(p.message for p in self._project.problems)
        )
        self._watcher.run_ended(report)
        return report


def _in_turn(names: Iterable[str]) -> str:
    return ", then ".join(dict.fromkeys(names))


def _left_alone(stub: Stub, standing: Standing) -> SpecResult:
    if standing.state == "fresh":
        return SpecResult(id=stub.id, before="fresh", outcome="fresh")
    ways = f"`compiled-ai adopt {stub.id}` makes the edit count, --compile-ai-force writes a new body over it."
    message = f"its body was edited by hand and is kept; {ways}"
    if standing.state == "conflict":
        message = f"its spec changed and its body was edited by hand; {ways}"
        return SpecResult(id=stub.id, before="conflict", outcome="failed", message=message)
    return SpecResult(id=stub.id, before=standing.state, outcome="kept", message=message)
