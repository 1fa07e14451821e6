"""Which tier a spec's tests run in: chosen before the first prompt, from what can be trusted, and kept."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from pytest_compiled_ai.compiler.outside import Outside
from pytest_compiled_ai.compiler.runner import JailedRunner
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.golden.grading import Mark
from pytest_compiled_ai.golden.labels import Labels
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES, Classes
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.specs.annotations import quoted_annotations
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.scopes import parameters_of

OTHER_SEED = 1
"""Hash seed of the second worker, in which a body must give the same answers as in the first, of seed 0."""
_LIVE = frozenset(
    {"AbstractContextManager", "Awaitable", "BinaryIO", "Callable", "ContextManager", "Coroutine", "IO", "TextIO"}
)
"""Types of an annotation whose values cannot be sent to a worker, or back."""


class TieredRunner:
    """Runs the tests of one spec at a time, sealed where they can be, else in the jail.

    Args:
        config: the project.
        shadow: its copy.
        jailed: what runs tests in the jail.
    """

    def __init__(self, config: Config, shadow: Shadow, jailed: JailedRunner) -> None:
        self._config, self._shadow, self._jailed = config, shadow, jailed
        self._outside: Outside | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._asked: tuple[str, tuple[str, ...]] | None = None
        self._begun: Future[TestRun] | None = None

    def begin(self, subject: Subject, raising: Candidate) -> TestRun:
        """Choose the tier of a spec, and return the run of its tests against a body that only raises.

        Raises:
            SpecError: the spec, or the project, asks for the sealed tier and cannot have it; or its imports fail.
        """
        self.end()
        reason = find_obstacle(subject)
        if not reason:
            self._outside = Outside(self._config, self._shadow, subject, raising.module, seeds=(0, OTHER_SEED))
            self._pool = ThreadPoolExecutor(max_workers=1)
            run = self._begin_run(raising.module, subject, 0).result()
            if not run.needs_jail:
                return run
            reason = run.needs_jail
        if "sealed" in {subject.stub.options.isolation, self._config.isolation}:
            raise SpecError(f'{subject.stub.id} cannot be sealed: {reason}; isolation = "auto" would run it jailed.')
        self.end()
        return self._jailed.run(raising.module, subject)

    def run(self, module: str, subject: Subject, *, stop_after: int = 0, cover: bool = False) -> TestRun:
        """Run the subject's tests in the tier that was chosen; `cover` measures coverage, and needs the jail.

        Raises:
            SpecError: a test hands over what no sealed worker can be sent.
        """
        if cover or not self._outside:
            return self._jailed.run(module, subject, stop_after=stop_after, cover=cover)
        run = self._begin_run(module, subject, stop_after).result()
        if run.needs_jail:
            raise SpecError(f'{run.needs_jail}; say @spec(isolation="jailed") to run the tests beside the body.')
        return run

    def start(self, module: str, subject: Subject, *, stop_after: int = 0) -> None:
        """Begin the run of a sealed spec that `run` will be asked for, and return at once."""
        if self._outside:
            self._begin_run(module, subject, stop_after)

    def abandon(self) -> None:
        """End the run that is on, and forget it: its body is refused already."""
        self._asked = None
        # What has not begun never will.
        if self._outside and self._begun and not (self._begun.cancel() or self._begun.done()):
            self._outside.abandon()

    def _begin_run(self, module: str, subject: Subject, stop_after: int) -> Future[TestRun]:
        assert self._pool is not None
        assert self._outside is not None
        asked = (module, subject.tests)
        if self._begun is None or asked != self._asked or (stop_after == 0 and _has_failed(self._begun)):
            self._wait()
            self._asked = asked
            self._begun = self._pool.submit(self._outside.run, module, subject, stop_after=stop_after)
        return self._begun

    def answer(
        self, module: str, inputs: Sequence[Input], *, hash_seed: int = 0, classes: Classes = NO_CLASSES
    ) -> tuple[Answer, ...]:
        """Return what an artifact's function answers to inputs; nothing where the present spec is jailed."""
        if not self._outside:
            return ()
        self._wait()
        return self._outside.answer(module, inputs, classes, hash_seed=hash_seed)

    def examine(self, module: str | None, labels: Labels) -> tuple[tuple[Mark, ...], ...]:
        """Return the marks of a sealed artifact's function on labelled examples; without an artifact only try them.

        Raises:
            SpecError: they do not fit the function, or cannot be scored.
        """
        assert self._outside is not None
        self._wait()
        return self._outside.examine(module, labels)

    @property
    def is_sealed(self) -> bool:
        """Tell whether the present spec's tests run from outside."""
        return bool(self._outside)

    def end(self) -> None:
        """End what was started for the present spec; may be called twice."""
        outside, pool = self._outside, self._pool
        if outside is not None and pool is not None:
            outside.stop()
            # Nothing is closed under a thread that reads from it, or before one that has just begun to open it.
            pool.shutdown(cancel_futures=True)
            outside.close()
        self._outside = self._pool = self._asked = self._begun = None

    def _wait(self) -> None:
        # What asks a zygote shares it with the run that is on.
        wait([self._begun] if self._begun else [])


def _has_failed(run: Future[TestRun]) -> bool:
    # Of a run that was told to stop at its failures there is more to know.
    return run.exception() is not None or any(result.outcome != "passed" for result in run.result().results)


def find_obstacle(subject: Subject) -> str:
    """Return why a spec's body cannot run in a sealed worker, as far as that is known before any run, or ""."""
    if subject.stub.options.isolation == "jailed":
        return "it asks for the jailed tier"
    if subject.stub.methods:
        return "a class runs beside its tests"
    if len(subject.stub.node.decorator_list) > 1:
        return "a decorator stands between the tests and the body"
    if live := _annotated_names(subject.stub) & _LIVE:
        return f"its signature has {min(live)}, which is no data"
    tier = detect_sealed_tier()
    return "" if tier.verified else f"this machine has no sealed tier ({tier.problem})"


def _annotated_names(stub: Stub) -> set[str]:
    found: set[str] = set()
    for function in stub.functions:
        given = [*(item.annotation for item in parameters_of(function.args)), function.returns]
        for annotation in (*filter(None, given), *quoted_annotations(function)):
            for node in ast.walk(annotation):
                found.add(getattr(node, "id", "") or getattr(node, "attr", ""))
    return found
