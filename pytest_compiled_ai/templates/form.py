"""A stub as its template sees it: what goes in, what comes out, and the constants beside it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.gates.examples_of_tests import found_constants
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.sources import Sources
from pytest_compiled_ai.specs.syntax import Function
from pytest_compiled_ai.templates.reading import TypeReader
from pytest_compiled_ai.templates.shapes import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter; `named` ones are given by keyword only."""

    name: str
    shape: Shape
    required: bool
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A function's parameters and result as shapes, and the values of the constants that its body may use."""

    stub: Stub
    parameters: tuple[Parameter, ...]
    result: Shape
    constants: Mapping[str, object]
    types: TypeReader

    @property
    def required(self) -> tuple[Parameter, ...]:
        """The parameters that every call gives."""
        return tuple(each for each in self.parameters if each.required)

    @property
    def first(self) -> Shape | None:
        """What the first parameter takes, None where there is none."""
        return self.parameters[0].shape if self.parameters else None


def read_form(config: Config, subject: Subject) -> Form:
    """Return the form of a function.

    Raises:
        SpecLineError: a file of the project that a type comes from cannot be parsed.
    """
    node = subject.stub.node
    assert isinstance(node, Function)
    sources = Sources(config, (subject.file,))
    module, types = sources.file(subject.file.path), TypeReader(sources)
    given = node.args
    positional, gap = [*given.posonlyargs, *given.args], len(given.posonlyargs) + len(given.args) - len(given.defaults)
    parameters = [
        Parameter(name=each.arg, shape=types.read(each.annotation, module), required=place < gap)
        for place, each in enumerate(positional)
    ]
    parameters += [
        Parameter(name=each.arg, shape=types.read(each.annotation, module), required=default is None, named=True)
        for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
    ]
    return Form(
        stub=subject.stub,
        parameters=tuple(parameters),
        result=types.read(node.returns, module),
        constants=found_constants(ast.parse("\n".join(subject.constants.values()))),
        types=types,
    )
