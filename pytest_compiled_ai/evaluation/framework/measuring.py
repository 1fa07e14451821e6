"""Runs approved functions, many times, each time in a fresh sealed process, and notes what they answer and when."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pytest_compiled_ai.compiler.answers import LIMITS, Callee, gives_iterator, take_answer
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import UNASKED, Answer, no_answer
from pytest_compiled_ai.evaluation.framework.determinism import Determinism, judge_outputs
from pytest_compiled_ai.evaluation.framework.latency import Latency, summarize_latency
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES
from pytest_compiled_ai.sandbox.worker.channel import WorkerDied
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.worker import Stepper, Worker
from pytest_compiled_ai.sandbox.worker.zygote import Zygote
from pytest_compiled_ai.specs.syntax import Function

SEEDS: Final = (0, 1, 2, 3)
"""Hash seeds of the interpreters that processes are forked from."""
_DEATHS: Final = 3
"""Processes of one function that may die before it is run no more."""
_KEYS_OF_NOTHING: Final = frozenset({"none", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One function of an artifact, and what it is called with: the same inputs in each process, at least one."""

    name: str
    function: Function
    inputs: tuple[Input, ...]


@dataclass(slots=True, kw_only=True)
class Runs:
    """What was seen of one target: answers by process, seconds of calls, of processes and of cold starts."""

    answers: list[tuple[Answer, ...]] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    processes: list[float] = field(default_factory=list)
    cold_starts: list[float] = field(default_factory=list)
    hash_seeds: int = 0
    deaths: int = 0

    def judge(self) -> tuple[Determinism, Latency] | None:
        """Return the figures, None where not one process answered."""
        if not self.calls or not self.cold_starts:
            return None
        columns = [[answer.key for answer in column] for column in zip(*self.answers, strict=True)]
        unanswered = sum(key in _KEYS_OF_NOTHING for column in columns for key in column)
        determinism = judge_outputs(columns, hash_seeds=self.hash_seeds, unanswered=unanswered)
        return determinism, summarize_latency(self.calls, self.processes, self.cold_starts)


def measure_targets(
    start: Callable[[int], Zygote], program: str, targets: Sequence[Target], runs: int, advance: Callable[[], None]
) -> dict[str, Runs]:
    """Return what was seen of each target of an artifact, by its name.

    Args:
        start: makes the interpreter, with a hash seed, that processes are forked from.
        program: the artifact's text.
        targets: its functions.
        runs: fresh processes for each target, spread over the hash seeds.
        advance: is told of every process that has ended.

    Raises:
        SpecError: the artifact's imports cannot be executed.
        SandboxError: the sandbox broke.
    """
    seen = {target.name: Runs() for target in targets}
    seeds = SEEDS[: max(1, min(len(SEEDS), runs))]
    for place, seed in enumerate(seeds):
        share = runs // len(seeds) + (place < runs % len(seeds))
        began = time.perf_counter()
        with start(seed) as zygote, zygote.client(NO_CLASSES, LIMITS) as client:
            ready = time.perf_counter() - began
            for target in targets:
                found, before = seen[target.name], len(seen[target.name].processes)
                _repeat(client, program, target, share, found, advance)
                found.hash_seeds += 1
                found.cold_starts += [ready + seconds for seconds in found.processes[before : before + 1]]
    return seen


def _repeat(client: Client, program: str, target: Target, runs: int, seen: Runs, advance: Callable[[], None]) -> None:
    steps = gives_iterator(program, target.function)
    for _ in range(runs):
        if seen.deaths < _DEATHS:
            _run_once(client, program, target, seen, steps=steps)
        advance()


def _run_once(client: Client, program: str, target: Target, seen: Runs, *, steps: bool) -> None:
    answers: list[Answer] = []
    began = time.perf_counter()
    try:
        with client.fork(program) as worker:
            timed = _Timed(worker)
            for each in target.inputs:
                answers.append(take_answer(timed, target.name, each, steps=steps))
                if len(answers) == 1:
                    seen.processes.append(time.perf_counter() - began)
            seen.calls += timed.seconds
    except WorkerDied as death:
        seen.deaths += 1
        answers.append(no_answer(death.reason))
    seen.answers.append((*answers, *[UNASKED] * (len(target.inputs) - len(answers))))


class _Timed(Callee):
    """A worker whose calls are timed: to the process and back, arguments and answer encoded and decoded."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.seconds: list[float] = []

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        began = time.perf_counter()
        try:
            return self._worker.call(name, args, kwargs)
        finally:
            self.seconds.append(time.perf_counter() - began)

    def open(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Stepper:
        began = time.perf_counter()
        try:
            return self._worker.open(name, args, kwargs)
        finally:
            self.seconds.append(time.perf_counter() - began)

    def take_transcript(self) -> str:
        return self._worker.take_transcript()
