"""Branches that a literal steers: under what pins a body returns, raises or does something else."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice

from pytest_compiled_ai.gates.answers.conditions import Pin, Pins, pin, pins_of_case, pins_when
from pytest_compiled_ai.gates.answers.flow import Flow
from pytest_compiled_ai.gates.answers.values import UnknownValueError, fold
from pytest_compiled_ai.specs.syntax import dotted_name

_MOST = 500
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class Computed(Enum):
    """Stands for an outcome that is no constant."""

    COMPUTED = "computed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An outcome: the exception of that name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a body does where some pins hold; `entries` is how many ways the same condition or table lists."""

    pins: Pins
    outcome: object
    line: int
    entries: int = 1
    group: int = 0


def read_branches(flow: Flow) -> tuple[Case, ...]:
    """Return the cases of a function's statements and conditional expressions."""
    reader = _Reader(flow)
    return tuple(islice(reader.read(flow.statements, Case(pins=(), outcome=None, line=0)), _MOST))


class _Reader:
    def __init__(self, flow: Flow) -> None:
        self._flow, self._names = flow, flow.names

    def read(self, statements: Iterable[ast.stmt], path: Case) -> Iterator[Case]:
        """Yield the cases of a block; what follows an `if` that leaves it is its `else`."""
        waiting = list(statements)
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], _ENDS) and waiting:
                others = self._ways(node.test, path, holds=False)
                if others != [path]:
                    yield from self._branch(node.test, node.body, path, holds=True)
                    for other in others:
                        yield from self.read(waiting, other)
                    return
            yield from self._statement(node, path)

    def _statement(self, node: ast.stmt, path: Case) -> Iterator[Case]:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                yield from self._branch(test, body, path, holds=True)
                yield from self._branch(test, orelse, path, holds=False)
            case ast.Match(subject=subject, cases=cases):
                for case in cases:
                    for way in self._joined(pins_of_case(subject, case.pattern, self._names), path, node.lineno):
                        yield from self.read(case.body, way)
            case ast.Return(value=ast.expr() as value):
                yield from self._outcomes(value, path)
            case ast.Raise(exc=ast.expr() as raised):
                name = dotted_name(raised.func if isinstance(raised, ast.Call) else raised) or ""
                yield self._case(path, Raised(name=name.rpartition(".")[2]), node)
            case ast.Assign() | ast.AnnAssign() if node.value is not None:
                yield from self._assigned(node, node.value, path)
            case ast.Expr(value=ast.Yield(value=ast.expr() as value)):
                yield from self._outcomes(value, path)
            case _:
                yield from self._inside(node, path)

    def _inside(self, node: ast.stmt, path: Case) -> Iterator[Case]:
        for block in ("body", "handlers", "orelse", "finalbody"):
            for part in getattr(node, block, ()):
                yield from self.read(part.body if isinstance(part, ast.ExceptHandler) else [part], path)
        if not hasattr(node, "body"):
            yield self._case(path, Computed.COMPUTED, node)
            yield from self._conditional(node, path)

    def _branch(self, test: ast.expr, body: Iterable[ast.stmt], path: Case, *, holds: bool) -> Iterator[Case]:
        for way in self._ways(test, path, holds=holds):
            yield from self.read(body, way)

    def _ways(self, test: ast.expr, path: Case, *, holds: bool) -> list[Case]:
        return self._joined(pins_when(test, self._names, holds=holds), path, id(test))

    def _joined(self, ways: list[Pins], path: Case, group: int) -> list[Case]:
        pinned = [way for way in ways if way]
        if not pinned:
            return [path]
        joined = [replace(path, pins=path.pins + way, entries=len(pinned), group=group) for way in pinned]
        return joined if len(pinned) == len(ways) else [*joined, path]

    def _assigned(self, node: ast.Assign | ast.AnnAssign, value: ast.expr, path: Case) -> Iterator[Case]:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and self._flow.is_returned(target.id) for target in targets):
            yield from self._outcomes(value, path)
        else:
            yield self._case(path, Computed.COMPUTED, node)
            yield from self._conditional(node, path)

    def _outcomes(self, node: ast.expr, path: Case) -> Iterator[Case]:
        """Yield what an expression's value is in which case, as far as it is told by literals."""
        try:
            yield self._case(path, fold(node, self._names), node)
            return
        except UnknownValueError:
            pass
        match node:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                for holds, part in ((True, body), (False, orelse)):
                    for way in self._ways(test, path, holds=holds):
                        yield from self._outcomes(part, way)
            case ast.BoolOp(op=operator, values=values):
                yield from self._short_cut(values, path, is_or=isinstance(operator, ast.Or))
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):
                for holds in (True, False):
                    for way in self._ways(node, path, holds=holds):
                        yield self._case(way, holds, node)
            case _:
                yield self._case(path, Computed.COMPUTED, node)
                yield from self._conditional(node, path)

    def _short_cut(self, values: list[ast.expr], path: Case, *, is_or: bool) -> Iterator[Case]:
        """Yield the cases of `a or b`, which is true where `a` is, and of `a and b`, which is false where it is not."""
        for value in values:
            for way in self._ways(value, path, holds=is_or):
                yield self._case(way, is_or, value)
            if isinstance(value, ast.BoolOp | ast.IfExp):
                yield from self._outcomes(value, path)
        *tests, last = values
        for way in self._ways(ast.BoolOp(ast.And(), tests), path, holds=True) if not is_or else [path]:
            yield from self._outcomes(last, way)

    def _conditional(self, node: ast.AST, path: Case) -> Iterator[Case]:
        """Yield the cases inside a formula: a literal that steers a part of it, or is replaced in an argument."""
        for part in ast.walk(node):
            if isinstance(part, ast.IfExp):
                for way in self._ways(part.test, path, holds=True):
                    yield self._case(way, Computed.COMPUTED, part)
            elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "replace":
                for value in part.args[:1]:
                    yield from self._replaced(part.func.value, value, path)

    def _replaced(self, target: ast.expr, value: ast.expr, path: Case) -> Iterator[Case]:
        try:
            pins: tuple[Pin, ...] = pin(target, fold(value, self._names))
        except UnknownValueError:
            return
        yield self._case(replace(path, pins=path.pins + pins), Computed.COMPUTED, value)

    def _case(self, path: Case, outcome: object, node: ast.stmt | ast.expr) -> Case:
        return replace(path, outcome=outcome, line=node.lineno)
