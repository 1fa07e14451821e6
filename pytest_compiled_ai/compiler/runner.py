"""Runs a spec's tests beside a candidate, in the jail: one backend of the `Runner` seam."""

from __future__ import annotations

from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.suite.run import run_tests

NO_COMPILE = ("--no-compile-ai",)


class JailedRunner:
    """Real pytest on the shadow tree, with the candidate's artifact in its place.

    Args:
        shadow: the copy of the project.
        timeout: seconds for one run of a spec's tests.
    """

    def __init__(self, shadow: Shadow, timeout: float) -> None:
        self._shadow = shadow
        self._limits = Limits(wall=timeout)

    def run(self, module: str, subject: Subject, *, stop_after: int = 0, cover: bool = False) -> TestRun:
        """Run the subject's tests against an artifact of that text."""
        self._shadow.put(subject.target, module)
        return run_tests(
            self._shadow,
            paths=subject.test_paths,
            select=subject.tests,
            limits=self._limits,
            cover=subject.target if cover else None,
            stop_after=stop_after,
            extra_args=NO_COMPILE,
        )
