"""One part of the labelled examples before a body in sealed workers; it runs in a process that no body enters."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.evaluation.notation import write_value
from pytest_compiled_ai.golden.metrics import Metric, apply
from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.worker.channel import WorkerDied
from pytest_compiled_ai.sandbox.worker.client import Client
from pytest_compiled_ai.sandbox.worker.worker import ResultRefused, Stepper, Worker

_WORKERS: Final = 20
"""Workers that one part may use up: what kills more is given up."""
_SHOWN: Final = 160
"""Characters of a value that are told."""
_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")
_UNASKED: Final = "gave nothing: the time was over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One labelled example, as values; of an iterator the answer is the list of its items."""

    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    expected: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The function that is asked: its name, whether it gives an iterator, and how its answers are scored."""

    name: str
    steps: bool
    metric: Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an answer is worth; where it is no full one, in words the call, what came of it, and the label."""

    score: float
    call: str = ""
    answer: str = ""
    expected: str = ""


def grade(client: Client, program: str, asked: Asked, samples: Sequence[Sample], seconds: float) -> tuple[Mark, ...]:
    """Return a mark for each sample; one that is not answered in `seconds` for all is worth nothing.

    Raises:
        SandboxError: the zygote is gone; no body is to blame.
        SpecError: the project's own metric failed.
    """
    marks: list[Mark] = []
    deadline = time.monotonic() + seconds
    for _ in range(_WORKERS):
        if len(marks) == len(samples) or time.monotonic() >= deadline:
            break
        try:
            with client.fork(program) as worker:
                for sample in samples[len(marks) :]:
                    if time.monotonic() >= deadline:
                        break
                    marks.append(_mark(worker, asked, sample))
        except WorkerDied as death:
            marks.append(_missed(asked, samples[len(marks)], death.reason))
    return (*marks, *(_missed(asked, sample, _UNASKED) for sample in samples[len(marks) :]))


def _mark(worker: Worker, asked: Asked, sample: Sample) -> Mark:
    given = asked.name, sample.arguments, sample.keywords
    # A call may change what it is given.
    call = describe_call(asked.name, sample)
    try:
        answer = _take(worker.open(*given), sample) if asked.steps else worker.call(*given)
    except (SandboxError, WorkerDied):
        raise
    except ResultRefused as refusal:
        return Mark(score=0.0, call=call, answer=f"gave what {_cut(str(refusal))}", expected=spell(sample.expected))
    except CodecError as refusal:
        return Mark(score=0.0, call=call, answer=f"could not be asked: {refusal}", expected=spell(sample.expected))
    except Exception as error:
        said = _cut(f"raised {type(error).__name__}: {error}")
        return Mark(score=0.0, call=call, answer=said, expected=spell(sample.expected))
    finally:
        worker.take_transcript()
    score = apply(asked.metric, answer, sample.expected)
    if score >= 1:
        return Mark(score=1.0)
    return Mark(score=score, call=call, answer=f"gave {spell(answer)}", expected=spell(sample.expected))


def _take(stepper: Stepper, sample: Sample) -> list[Any]:
    # One more than there should be is enough to be wrong.
    most = len(sample.expected) + 1 if isinstance(sample.expected, list) else 1
    return list(islice(_items(stepper), most))


def _items(stepper: Stepper) -> Iterator[Any]:
    while True:
        try:
            yield stepper.next()
        except StopIteration:
            return


def _missed(asked: Asked, sample: Sample, reason: str) -> Mark:
    return Mark(score=0.0, call=describe_call(asked.name, sample), answer=reason, expected=spell(sample.expected))


def describe_call(name: str, sample: Sample) -> str:
    """Return a call as it would be written."""
    named = (f"{key}={spell(value)}" for key, value in sample.keywords.items())
    return _cut(f"{name}({', '.join((*map(spell, sample.arguments), *named))})")


def spell(value: Any) -> str:
    """Return a value in words, bounded, the same on every run."""
    try:
        return _cut(_ADDRESS.sub("", write_value(value)))
    except Exception:
        # An object that came from a body was never initialised: its own repr may fail.
        return type(value).__name__


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
