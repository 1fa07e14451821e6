"""Variables that start as an empty collection, and that mypy wants an annotation for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pytest_compiled_ai.compiler.annotating.containers import gather
from pytest_compiled_ai.compiler.annotating.shapes import shape_of
from pytest_compiled_ai.compiler.annotating.sight import Sight
from pytest_compiled_ai.compiler.annotating.source import Edit, Source
from pytest_compiled_ai.compiler.annotating.types import ANY, spell
from pytest_compiled_ai.gates.types import TypeFault

_NEEDED: Final = re.compile(r'Need type annotation for "(\w+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A name, what binds it, the assignment that it starts with, and what that makes of it."""

    name: str
    scope: ast.AST
    statement: ast.Assign
    value: ast.expr

    def annotate(self, source: Source, see: Sight) -> Iterator[Edit]:
        """Yield its annotation, where its items can be told."""
        type_ = gather(source, self.scope, self.name, shape_of(self.value), see)
        if not type_.is_told:
            return
        (target, *others), (start, _) = self.statement.targets, source.span(self.statement)
        if isinstance(target, ast.Name) and not others:
            yield Edit(end := source.end(target), end, f": {spell(type_)}")
        elif not (before := source.data[slice(source.line_at(start)[0], start)].decode()).strip():
            yield Edit(start, start, f"{self.name}: {spell(type_)}\n{before}")


def find_variables(source: Source, faults: Iterable[TypeFault]) -> Iterator[Variable]:
    """Yield what mypy's faults are about, with lines as in the source."""
    for fault in faults:
        if match := _NEEDED.match(fault.text):
            nodes = [node for node in source.nodes if isinstance(node, ast.Assign) and node.lineno <= fault.line]
            found = [node for node in nodes if fault.line <= (node.end_lineno or 0)]
            yield from (variable for node in found for variable in _started(source, node, match[1]))


def find_stand_in(source: Source, variables: Iterable[Variable], name: ast.Name) -> str | None:
    """Return the text that makes the collection a name stands for, None where the name is of none of the variables."""
    for variable in variables:
        if variable.name == name.id and source.owner(name) is variable.scope and _is_plain(variable.value):
            return source.segment(variable.value)
    return None


def _started(source: Source, statement: ast.Assign, name: str) -> Iterator[Variable]:
    for target in statement.targets:
        for bound, value in _pairs(target, statement.value):
            function = source.function_of(statement)
            if isinstance(bound, ast.Name) and bound.id == name and shape_of(value) != ANY and function is not None:
                if name in source.bound(function):
                    yield Variable(name=name, scope=function, statement=statement, value=value)
                return


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def _is_plain(value: ast.expr) -> bool:
    return not isinstance(value, ast.ListComp | ast.DictComp | ast.BinOp)
