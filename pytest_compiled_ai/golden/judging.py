"""The parent's side of the judge: start it on a shadow of the project, and read what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from pytest_compiled_ai.errors import SandboxError, SpecError
from pytest_compiled_ai.golden.grading import Mark
from pytest_compiled_ai.golden.rows import Row
from pytest_compiled_ai.sandbox.jail.grants import machine_grants, search_path
from pytest_compiled_ai.sandbox.jail.job import Job, Outcome
from pytest_compiled_ai.sandbox.jail.process import run
from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.kernel.limits import MIB, Limits

_SECONDS, _EACH = 20.0, 0.05
"""Seconds for one part of the examples, and more for each of them."""
_GRACE: Final = 10.0
"""Seconds of its own that the judge may take beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """What a judge needs to know: the rows of each part, how they are scored, and the function that is asked.

    `module` and `skeleton` are the artifact's import name, and its text with a body that raises; `folders` are where
    the project's own modules are imported from.
    """

    module: str
    skeleton: str
    function: str
    steps: bool
    metric: str
    parts: tuple[tuple[Row, ...], ...]
    folders: tuple[str, ...] = ()


def examine(shadow: Shadow, exam: Exam, program: str | None, workers: int) -> tuple[tuple[Mark, ...], ...]:
    """Return the marks of each part, in the order of its rows.

    Args:
        shadow: the copy of the project, without the labels.
        exam: what is asked, and the labels.
        program: the artifact's text with the body that is asked; None only sees to it that the rows and the metric can
            be used, and gives no marks.
        workers: the descriptor of a zygote's socket.

    Raises:
        SpecError: a row does not fit the annotations, or the metric does not work.
        SandboxError: the judge broke; no body is to blame.
    """
    seconds = _SECONDS + _EACH * max(map(len, exam.parts))
    with Scratch() as scratch:
        path = scratch.given / "exam.json"
        orders = {**asdict(exam), "program": program, "workers": workers, "seconds": seconds}
        path.write_text(json.dumps(orders), encoding="utf-8")
        job = _job(shadow, scratch, exam.folders, str(path), workers)
        outcome = run(replace(job, limits=replace(job.limits, wall=seconds * len(exam.parts) + _GRACE)))
    return tuple(_read(outcome))


def _job(shadow: Shadow, scratch: Scratch, folders: tuple[str, ...], orders: str, workers: int) -> Job:
    grants = machine_grants(shadow.project)
    return Job(
        module="pytest_compiled_ai.golden.child",
        argv=(orders,),
        folder=shadow.root,
        scratch=scratch,
        path=(*folders, *search_path(shadow.project, shadow.root)),
        grants=replace(grants, readable=(*grants.readable, str(shadow.root), *map(str, shadow.linked))),
        moved={str(shadow.project): str(shadow.root)},
        limits=Limits(records=64 * MIB),
        inherited=(workers,),
        forks=True,
    )


def _read(outcome: Outcome) -> Iterator[tuple[Mark, ...]]:
    for record in outcome.records:
        match record:
            case {"event": "refused", "reason": str(reason)}:
                raise SpecError(reason)
            case {"event": "broken", "reason": str(reason)}:
                raise SandboxError(reason)
            case {"event": "part", "marks": list(marks)}:
                yield _marks(marks)
            case {"event": "done"}:
                return
    # What stands behind the colon of an error may be a label.
    last = outcome.output.strip().rpartition("\n")[2].partition(":")[0] or f"it ended with {outcome.returncode}"
    raise SandboxError(f"golden: the judge of the labelled examples {outcome.reason or 'broke'}: {last}.")


def _marks(found: Sequence[Any]) -> tuple[Mark, ...]:
    return tuple(Mark(**mark) for mark in found)
