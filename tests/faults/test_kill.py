"""`kill -9` at each step of a compile: the next one goes on from what was approved, and clears away the rest."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_ground import Ground, NamedProvider, assert_finished, assert_sound, in_child, kill_at

from pytest_compiled_ai.artifacts import lock, plan
from pytest_compiled_ai.compiler import approval, confirm, tiers
from pytest_compiled_ai.compiler.compilation import Compilation
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.oracle.process import OracleProcess
from pytest_compiled_ai.sandbox.worker import zygote

KILLED = -9


def halve(descriptor: int) -> None:
    os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)


STEPS: dict[str, Callable[[], None]] = {
    "before the lock": lambda: kill_at(lock.FileLock, "acquire"),
    "in the lock": lambda: kill_at(lock.FileLock, "acquire", after=True),
    "with the copy of the project made": lambda: kill_at(Shadow, "__init__", after=True),
    "before the first question": lambda: kill_at(NamedProvider, "complete"),
    "with the first answer": lambda: kill_at(NamedProvider, "complete", after=True),
    "with a body that is to be approved": lambda: kill_at(NamedProvider, "complete", nth=2, after=True),
    "before it is written": lambda: kill_at(approval, "apply_changes"),
    "with an empty file for the record": lambda: kill_at(tempfile, "mkstemp", after=True),
    "with half of the record written": lambda: kill_at(plan.os, "fsync", first=halve),
    "before the record is put in its place": lambda: kill_at(Path, "replace"),
    "between the record and the artifact": lambda: kill_at(Path, "replace", after=True),
    "with half of the artifact written": lambda: kill_at(plan.os, "fsync", nth=2, first=halve),
    "before the artifact is put in its place": lambda: kill_at(Path, "replace", nth=2),
    "with the artifact in its place": lambda: kill_at(Path, "replace", nth=2, after=True),
    "before old bytecode is dropped": lambda: kill_at(plan.importlib.util, "cache_from_source"),
    "with the first spec done": lambda: kill_at(Compilation, "run", after=True),
    "in the second spec, before its artifact": lambda: kill_at(Path, "replace", nth=4),
    "in the second spec, with its record": lambda: kill_at(Path, "replace", nth=4, after=True),
    "before the copy is removed": lambda: kill_at(Shadow, "close"),
    "before the lock is let go": lambda: kill_at(lock.FileLock, "release"),
}


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("state", ["missing", "stale"])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill(step: str, state: str, request: pytest.FixtureRequest, remains) -> None:
    made: Ground = request.getfixturevalue("ground" if state == "missing" else "compiled")
    if state == "stale":
        made.change()

    def compile_and_die() -> None:
        STEPS[step]()
        made.compile()

    assert in_child(compile_and_die) == KILLED
    assert_sound(made)
    assert_finished(made)
    assert remains.folders == []
    assert remains.processes() == set()


SEALED_STEPS: dict[str, Callable[[], None]] = {
    "with the zygote spawned": lambda: kill_at(zygote, "_spawn", after=True),
    "with the zygote ready": lambda: kill_at(zygote.Zygote, "__init__", after=True),
    "with the oracle ready": lambda: kill_at(OracleProcess, "__init__", after=True),
    "before the oracle runs a body": lambda: kill_at(OracleProcess, "run", nth=2),
    "while the oracle runs a body": lambda: kill_at(OracleProcess, "_hear", nth=3),
    "before a body is confirmed": lambda: kill_at(confirm.Confirm, "check"),
    "before the processes are ended": lambda: kill_at(tiers.TieredRunner, "end", nth=2),
}


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("step", SEALED_STEPS)
def test_a_kill_with_workers_and_an_oracle(step: str, compiled: Ground, remains, request) -> None:
    compiled.change("second")

    def compile_and_die() -> None:
        SEALED_STEPS[step]()
        compiled.compile()

    assert in_child(compile_and_die) == KILLED
    assert remains.folders != []
    assert_sound(compiled)
    assert remains.processes() == set()
    # The first one goes on with workers of its own.
    if step != next(iter(SEALED_STEPS)):
        request.getfixturevalue("near")
    assert_finished(compiled)
    assert remains.folders == []
    assert remains.processes() == set()
