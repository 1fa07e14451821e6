"""The calls of a stub that its tests make with literal arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pytest_compiled_ai.evaluation.arguments import Input, make_input
from pytest_compiled_ai.evaluation.notation import realise
from pytest_compiled_ai.gates.answers.values import UnknownValueError
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.gates.examples_of_tests import Example, Unread, examples_of
from pytest_compiled_ai.placeholder import read_signature
from pytest_compiled_ai.specs.syntax import Function


def rows_of(root: Path, subject: Subject) -> tuple[Input, ...]:
    """Return what the tests and the docstring of a function call it with, in their order, each once.

    Raises:
        SpecLineError: a test file cannot be read.
    """
    node = subject.stub.node
    if not isinstance(node, Function):
        return ()
    return inputs_of(examples_of(root, subject), node)


def inputs_of(examples: Iterable[Example], node: Function) -> tuple[Input, ...]:
    """Return what examples call a function with, in their order, each once."""
    return tuple(dict.fromkeys(row for example in examples for row in _read(example, node)))


def _read(example: Example, node: Function) -> Iterator[Input]:
    given, named = example.arguments, dict(example.keywords)
    if example.function != node.name or any(each is Unread.UNREAD for each in (*given, *named.values())):
        return
    with suppress(UnknownValueError, TypeError):
        bound = read_signature(node).bind(*map(realise, given), **{key: realise(each) for key, each in named.items()})
        if row := make_input(bound.args, bound.kwargs):
            yield row
