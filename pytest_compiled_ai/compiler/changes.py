"""What changes for callers when a new body takes the place of an old one: both are asked, in sealed workers."""

from __future__ import annotations

from pathlib import Path

from pytest_compiled_ai.artifacts.module import ArtifactModule, render_module
from pytest_compiled_ai.compiler.selection import Answerer, inputs_for
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.contrast import list_changes
from pytest_compiled_ai.evaluation.known_inputs import rows_of
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.placeholder import read_signature
from pytest_compiled_ai.specs.syntax import Function


def find_changes(
    old: ArtifactModule, new: ArtifactModule, subject: Subject, answerer: Answerer, root: Path
) -> tuple[str, ...]:
    """Return the shortest calls of a function that are answered otherwise, as in `f(3): 4 -> 5`.

    The calls are those of the tests, and generated ones. A class and what runs in the jail cannot be asked.

    Args:
        old: the artifact as it is; where it has no such body, nothing changes.
        new: the artifact with the new body.
        subject: the spec.
        answerer: calls the bodies.
        root: the project's folder.

    Raises:
        CompiledAIError: the bodies could not be asked, or the tests not be read.
    """
    section = old.section(subject.stub.name)
    before = section.node if section else None
    if not isinstance(before, Function):
        return ()
    inputs = [each for each in (*rows_of(root, subject), *inputs_for(subject, root)) if _takes(before, each)]
    asked, now = (answerer.answer(render_module(module), inputs) for module in (old, new))
    return list_changes(subject.stub.name, inputs, asked, now) if asked and now else ()


def _takes(function: Function, each: Input) -> bool:
    """Tell whether a function could be called like that: what its callers could not ask, changes nothing for them."""
    try:
        read_signature(function).bind(*each.arguments, **dict(each.keywords))
    except TypeError:
        return False
    return True
