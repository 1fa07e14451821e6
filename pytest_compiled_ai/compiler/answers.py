"""What a candidate answers to inputs, asked in sealed workers."""

from __future__ import annotations

import ast
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import UNASKED, Answer, error_answer, no_answer, value_answer
from pytest_compiled_ai.evaluation.suggestion import FIRST_ITEMS
from pytest_compiled_ai.placeholder import is_async_generator, return_kind
from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES, Classes
from pytest_compiled_ai.sandbox.codec.errors import UnknownError
from pytest_compiled_ai.sandbox.oracle.yields import find_functions
from pytest_compiled_ai.sandbox.worker.channel import CallLimits, WorkerDied
from pytest_compiled_ai.sandbox.worker.worker import ResultRefused, Stepper
from pytest_compiled_ai.sandbox.worker.zygote import Zygote
from pytest_compiled_ai.specs.syntax import Function

LIMITS: Final = CallLimits(call=2.0, total=20.0)
"""Seconds for one answer, and for all that one candidate gives."""
_WORKERS: Final = 3
"""Workers that one candidate may use up."""


def ask(
    zygote: Zygote,
    program: str,
    function: Function,
    inputs: Sequence[Input],
    limits: CallLimits = LIMITS,
    classes: Classes = NO_CLASSES,
) -> tuple[Answer, ...]:
    """Return what a function answers to each input; nothing of a project's is imported for it here.

    Args:
        zygote: what the workers are forked from.
        program: the text of the whole artifact.
        function: the stub; of an iterator the first items are the answer.
        inputs: what to call it with; they stay as they are.
        limits: of each call, and of all together.
        classes: the project's own that may be carried.

    Raises:
        SandboxError: the zygote is gone; no candidate is to blame.
    """
    answers: list[Answer] = []
    steps, deadline = gives_iterator(program, function), time.monotonic() + limits.total
    with zygote.client(classes, limits) as client:
        for _ in range(_WORKERS):
            if len(answers) == len(inputs) or time.monotonic() >= deadline:
                break
            try:
                with client.fork(program) as worker:
                    for each in inputs[len(answers) :]:
                        if time.monotonic() >= deadline:
                            break
                        answers.append(take_answer(worker, function.name, each, steps=steps))
            except WorkerDied as death:
                answers.append(no_answer(death.reason))
    return (*answers, *[UNASKED] * (len(inputs) - len(answers)))


class Callee(Protocol):
    """What `take_answer` needs of a worker."""

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a function."""
        ...

    def open(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Stepper:
        """Call a function that gives an iterator."""
        ...

    def take_transcript(self) -> str:
        """Return what was said since the last time."""
        ...


def take_answer(worker: Callee, name: str, each: Input, *, steps: bool) -> Answer:
    """Return what a function answers to one input; `steps` tells that it gives an iterator.

    Raises:
        WorkerDied: it did not answer.
        SandboxError: the zygote is gone.
    """
    arguments, keywords = each.copies()
    try:
        given = name, arguments, keywords
        value = _take(worker.open(*given)) if steps else worker.call(*given)
        return value_answer(value, arguments, keywords)
    except (SandboxError, WorkerDied):
        raise
    except ResultRefused as refusal:
        # A project's own objects cannot be built here; whether two are the same can be told from what was sent.
        return no_answer(str(refusal), key=worker.take_transcript())
    except CodecError as refusal:
        return no_answer(f"could not be asked: {refusal}")
    except UnknownError as error:
        return error_answer(str(error).partition(":")[0])
    except Exception as error:
        return error_answer(f"{type(error).__module__}.{type(error).__qualname__}")
    finally:
        worker.take_transcript()


def _take(stepper: Stepper) -> list[Any]:
    items: list[Any] = []
    with suppress(StopIteration):
        while len(items) < FIRST_ITEMS:
            items.append(stepper.next())
    return items


def gives_iterator(program: str, function: Function) -> bool:
    """Tell whether a function of a program gives an iterator, by its stub or by its body."""
    is_plain = isinstance(function, ast.FunctionDef) and return_kind(function) in {"Iterator", "Generator"}
    return is_plain or is_async_generator(function) or find_functions(program).get(function.name, False)
