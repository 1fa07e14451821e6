"""What takes long, replaced where a test is about something else: mypy, and the sandbox."""

from __future__ import annotations

import ast
import doctest
from typing import Any

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.gates.mypy_process import Answer
from pytest_compiled_ai.sandbox.jail.job import Confinement
from pytest_compiled_ai.sandbox.jail.tier import Tier
from pytest_compiled_ai.sandbox.suite.results import FileCoverage, TestResult, TestRun

TIER = Tier(confinement=Confinement(landlock=0, seccomp=False), verified=False)


class NoMypy:
    """Stands for a process that finds nothing wrong, and starts none."""

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> NoMypy:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, text: str) -> Answer:
        return Answer(status=0, output="", errors="")


class NearRunner:
    """Runs a subject's tests in this process: for tests of the loop that are not about the jail."""

    is_sealed = False

    def __init__(self, *_: object) -> None:
        pass

    def begin(self, subject: Subject, raising: Candidate) -> TestRun:
        return self.run(raising.module, subject)

    def end(self) -> None:
        pass

    def start(self, *_: object, **__: object) -> None:
        pass

    def abandon(self) -> None:
        pass

    def answer(self, *_: object, **__: object) -> tuple[()]:
        return ()

    def run(
        self, module: str, subject: Subject, *, stop_after: int = 0, cover: bool = False, hash_seed: int = 0
    ) -> TestRun:
        names: dict[str, Any] = {}
        exec(compile(module, subject.target, "exec"), names)
        nodes = [node for node in subject.file.tree.body if getattr(node, "name", "").startswith("test")]
        exec(compile(ast.Module(body=list(nodes), type_ignores=[]), "spec", "exec"), names)
        results = tuple(self._result(test, names, subject) for test in subject.tests)
        lines = range(1, module.count("\n") + 2)
        return TestRun(
            status="finished", reason="", collected=subject.tests, results=results, running=None, seconds=0.0,
            output="", coverage=FileCoverage(executed=tuple(lines), missing=(), missing_branches=()), tier=TIER,
        )  # fmt: skip

    def _result(self, test: str, names: dict[str, Any], subject: Subject) -> TestResult:
        try:
            if test == subject.stub.id:
                parsed = doctest.DocTestParser().get_doctest(subject.stub.docstring, names, test, None, None)
                doctest.DebugRunner().run(parsed)
            else:
                names[test.partition("::")[2]]()
        except BaseException as error:
            return TestResult(id=test, outcome="failed", phase="call", detail=repr(error), kind=type(error).__name__)
        return TestResult(id=test, outcome="passed", phase="call", detail="", kind="")
