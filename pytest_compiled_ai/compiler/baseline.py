"""Before the first prompt: the spec itself is tried against a body that only raises; its own faults cost nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from pytest_compiled_ai.compiler.assembly import RAISED
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.gates.types import TypeFault, is_untyped
from pytest_compiled_ai.sandbox.suite.results import TestResult, TestRun

_SPEC_FAULTS = frozenset({"NameError", "ImportError", "ModuleNotFoundError", "FixtureLookupError", "SyntaxError"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The subject with its frozen tests, and what a person should know before it is compiled."""

    subject: Subject
    notes: tuple[str, ...]
    tier: str


class Beginner(Protocol):
    """Chooses how a spec's tests are run, and knows types."""

    def begin(self, subject: Subject, raising: Candidate) -> TestRun:
        """Return the first run of the tests, against a body that only raises."""
        ...

    def errors_of(self, module: str, subject: Subject) -> list[TypeFault]:
        """Return mypy's errors in an artifact of that text."""
        ...


def take_baseline(subject: Subject, raising: Candidate, bench: Beginner) -> Baseline:
    """Return the frozen tests of a spec.

    Args:
        subject: the spec; its `tests` are the ids, without parameters, of the tests that gate it.
        raising: the artifact with a body that raises.
        bench: runs the tests, and checks what the spec wrote.

    Raises:
        SpecError: the spec has no test, its tests cannot be collected or never call the function, or its signature
            does not type-check.
    """
    where = f"{subject.file.relative}:{subject.stub.line}"
    if not subject.tests:
        raise SpecError(f"{where}: {subject.stub.name} has no tests; add examples (>>>) to its docstring, or a test.")
    _check_types(raising, subject, bench)
    run = bench.begin(subject, raising)
    _check_run(run, subject, where)
    skips = tuple(r.id for r in run.results if r.outcome in {"skipped", "xfailed"})
    vacuous = tuple(r.id for r in run.results if r.outcome in {"passed", "xpassed"})
    tests = tuple(test for test in run.collected if test not in skips)
    if not set(tests) - set(vacuous):
        raise SpecError(f"{where}: no test calls {subject.stub.name}: all {len(tests)} pass without it.")
    notes = [f"passes without the function, so it proves nothing: {test}" for test in vacuous]
    notes += [f"is skipped: {test}" for test in skips]
    notes += ["runs in the jail: a class runs beside its tests"] if subject.stub.methods else []
    return Baseline(subject=replace(subject, tests=tests, skips=skips), notes=tuple(notes), tier=str(run.tier))


def _check_types(raising: Candidate, subject: Subject, types: Beginner) -> None:
    for fault in types.errors_of(raising.module, subject):
        if not is_untyped(fault):
            raise SpecError(
                f"{subject.file.relative}:{subject.stub.line}: what {subject.stub.name} takes from the spec does not "
                f"type-check: {fault.text} [{fault.code}]."
            )


def _check_run(run: TestRun, subject: Subject, where: str) -> None:
    if run.status == "collection":
        raise SpecError(f"{where}: the tests of {subject.stub.name} cannot be collected: {run.reason}")
    if run.status != "finished":
        raise SpecError(
            f"{where}: the tests of {subject.stub.name} do not run without it either: the run {run.reason}."
        )
    found = {test.partition("[")[0] for test in run.collected}
    if absent := [test for test in subject.tests if test not in found]:
        raise SpecError(f"{where}: pytest does not collect {absent[0]}; is it hidden, or renamed at import?")
    for result in run.results:
        if _is_spec_fault(result):
            first = next((line.strip() for line in result.detail.splitlines() if line.strip()), result.kind)
            raise SpecError(f"{where}: {result.id} fails before it calls {subject.stub.name}: {first}")


def _is_spec_fault(result: TestResult) -> bool:
    if result.kind == RAISED:
        return False
    return result.outcome == "error" or (result.outcome == "failed" and result.kind in _SPEC_FAULTS)
