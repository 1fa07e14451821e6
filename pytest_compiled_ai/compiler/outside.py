"""Runs a spec's tests from outside: in an oracle, with the candidate in sealed workers."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from pytest_compiled_ai.artifacts.module import parse_module, render_imports
from pytest_compiled_ai.asking.helpers import write_warming
from pytest_compiled_ai.asking.replies import with_replies
from pytest_compiled_ai.compiler.answers import ask, gives_iterator
from pytest_compiled_ai.compiler.runner import NO_COMPILE
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.golden.grading import Mark
from pytest_compiled_ai.golden.judging import Exam, examine
from pytest_compiled_ai.golden.labels import Labels
from pytest_compiled_ai.layout import target_module
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES, Classes
from pytest_compiled_ai.sandbox.jail.grants import search_path
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.oracle.oracle import Oracle
from pytest_compiled_ai.sandbox.oracle.process import Setting
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.sandbox.worker.zygote import Zygote


class Outside:
    """One spec's oracle and its zygotes, warm from the first run to `close`; they are started anew when one is lost.

    Args:
        config: the project.
        shadow: its copy, with the artifact of the spec in it.
        subject: the spec.
        skeleton: the text of its artifact, with any body.
        seeds: the hash seeds of the workers that there are to be; each has a zygote of its own.
    """

    def __init__(
        self, config: Config, shadow: Shadow, subject: Subject, skeleton: str, *, seeds: Sequence[int] = (0,)
    ) -> None:
        self._config, self._shadow, self._subject, self._skeleton = config, shadow, subject, skeleton
        self._seeds = seeds
        self._stack = ExitStack()
        self._zygotes: dict[int, Zygote] = {}
        self._oracle: Oracle | None = None

    def run(self, program: str, subject: Subject, *, stop_after: int = 0) -> TestRun:
        """Run the subject's tests against an artifact of the text `program`, in workers of all seeds at once.

        Raises:
            SpecError: the artifact's imports cannot be executed in a sealed process.
            SandboxError: the oracle or the zygote broke; no candidate is to blame.
        """
        return self._ready().run(self._answered(program), select=subject.tests, stop_after=stop_after)

    def answer(
        self, program: str, inputs: Sequence[Input], classes: Classes = NO_CLASSES, *, hash_seed: int = 0
    ) -> tuple[Answer, ...]:
        """Return what the subject's function answers to inputs, from an artifact of the text `program`.

        Raises:
            SpecError: the artifact's imports cannot be executed in a sealed process.
            SandboxError: the oracle or the zygote broke; no candidate is to blame.
        """
        node = self._subject.stub.node
        assert not isinstance(node, ast.ClassDef)
        self._ready()
        return ask(self._zygotes[hash_seed], self._answered(program), node, inputs, classes=classes)

    def examine(self, program: str | None, labels: Labels) -> tuple[tuple[Mark, ...], ...]:
        """Return the marks of the subject's function on labelled examples; without a program none, see `examine`.

        Raises:
            SpecError: the examples do not fit the function, or cannot be scored.
            SandboxError: the judge or the zygote broke; no candidate is to blame.
        """
        node = self._subject.stub.node
        assert not isinstance(node, ast.ClassDef)
        self._ready()
        exam = Exam(
            module=self._module(),
            skeleton=self._widened_skeleton(),
            function=node.name,
            steps=gives_iterator(program or "", node),
            metric=labels.metric,
            parts=(labels.visible, labels.held),
            folders=self._folders(),
        )
        whole = None if program is None else self._answered(program)
        return examine(self._shadow, exam, whole, self._zygotes[self._seeds[0]].fileno())

    def abandon(self) -> None:
        """Make an end of a run that is on in another thread, and keep the processes; what it returns is no verdict."""
        if (oracle := self._oracle) is not None:
            oracle.abandon()

    def stop(self) -> None:
        """Make an end of a run that is on in another thread; `close` has to follow when that has returned."""
        if (oracle := self._oracle) is not None:
            oracle.stop()

    def close(self) -> None:
        """End all processes; may be called twice."""
        self._stack.close()
        self._zygotes.clear()
        self._oracle = None

    def _ready(self) -> Oracle:
        if self._oracle is None or not all(zygote.is_alive for zygote in self._zygotes.values()):
            self.close()
            with ThreadPoolExecutor(len(self._seeds)) as pool:
                list(pool.map(self._open_zygote, self._seeds))
            self._oracle = self._stack.enter_context(self._open_oracle())
        return self._oracle

    def _open_zygote(self, seed: int) -> None:
        self._zygotes[seed] = self._stack.enter_context(self._start_zygote(seed))

    def _start_zygote(self, seed: int) -> Zygote:
        subject, shadow = self._subject, self._shadow
        # The body may bring any import of the spec's own or a helper's, so that all are there before it is.
        helping = [item for helper in subject.helpers for item in helper.imports]
        given = parse_module(self._skeleton, subject.file.relative).imports
        imports = dict.fromkeys((*given, *subject.imports, *helping))
        return Zygote(
            module=self._module(),
            filename=subject.target,
            header="\n".join([*render_imports(list(imports)), write_warming(subject.helpers)]),
            path=(*self._folders(), *search_path(shadow.project, shadow.root)),
            hash_seed=seed,
        )

    def _answered(self, program: str) -> str:
        """Return a program that has the recorded replies in it, where its body may ask a model."""
        subject = self._subject
        return with_replies(program, subject.file) if subject.stub.options.runtime_model else program

    def _folders(self) -> tuple[str, ...]:
        """Return where the project's own modules are imported from, in its shadow."""
        root = self._shadow.root
        return str(root), str(root / self._config.import_root.relative_to(self._config.root))

    def _open_oracle(self) -> Oracle:
        setting = Setting(
            shadow=self._shadow,
            module=self._module(),
            spec=self._subject.file.relative,
            skeleton=self._widened_skeleton(),
            paths=self._subject.test_paths,
            workers=tuple(self._zygotes[seed].fileno() for seed in self._seeds),
            extra_args=NO_COMPILE,
        )
        return Oracle(setting, tier=detect_sealed_tier(), limits=Limits(wall=self._config.timeout))

    def _widened_skeleton(self) -> str:
        """Return the skeleton with all imports of the spec: the body may raise, or return, what only it needs."""
        bound = {item.bound for item in parse_module(self._skeleton, self._subject.file.relative).imports}
        more = render_imports([item for item in self._subject.imports if item.bound not in bound])
        return "\n".join([self._skeleton.rstrip("\n"), *more, ""])

    def _module(self) -> str:
        module = target_module(self._config, Path(self._subject.file.path))
        if module is None:
            raise SpecError(f"{self._subject.file.relative} is in no folder of specs.")
        return module
