"""Where values of a function's body come from, and which of them are what it returns."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pytest_compiled_ai.gates.answers.values import Names, UnknownValueError, fold
from pytest_compiled_ai.specs.syntax import Function

_PASSING = (ast.Call, ast.keyword, ast.IfExp, ast.BoolOp, ast.Await, ast.Subscript, ast.NamedExpr, ast.Starred)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One function whose body a model wrote.

    `nodes` are its own, `parents` theirs. `names` are the values of names that stand for literals throughout, `bound`
    the expressions of names that are assigned once, `assigned` those of the others, parameters included, in order.
    """

    function: Function
    statements: tuple[ast.stmt, ...]
    nodes: tuple[ast.AST, ...]
    parents: Mapping[ast.AST, ast.AST]
    names: Names
    bound: Mapping[str, ast.expr]
    assigned: tuple[tuple[str, ast.expr], ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters in order, without the object of a method."""
        return parameters_of(self.function)

    def reaches_result(self, node: ast.AST, seen: frozenset[str] = frozenset()) -> bool:
        """Tell whether a value is returned as it is, and is no part of a formula, a comparison or a longer text."""
        parent = self.parents.get(node)
        match parent:
            case ast.Return() | ast.Yield() | ast.Lambda():
                return True
            case ast.GeneratorExp():
                # Each item is a piece of a result, unless only one is taken.
                call = self.parents.get(parent)
                is_next = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "next"
                return is_next and self.reaches_result(parent, seen)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return self.is_returned(name, seen)
            case ast.NamedExpr(target=ast.Name(id=name)) if self.is_returned(name, seen):
                return True
        return isinstance(parent, _PASSING) and self.reaches_result(parent, seen)

    def is_returned(self, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Tell whether what a name stands for is returned as it is, somewhere."""
        return name not in seen and any(
            self.reaches_result(node, seen | {name})
            for node in self.nodes
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        )


def read_flow(function: Function, statements: tuple[ast.stmt, ...], constants: Names) -> Flow:
    """Return the flow of one function; `constants` are the literals that the module has."""
    nodes = tuple(node for statement in statements for node in ast.walk(statement))
    parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    assigned = [pair for node in nodes for pair in _assignments(node)]
    stores = Counter(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    once = {name for name, number in stores.items() if number == 1} - set(parameters_of(function))
    bound = {name: value for name, value in assigned if name in once}
    names = {name: value for name, value in constants.items() if name not in stores}
    for name, value in bound.items():
        try:
            names[name] = fold(value, names)
        except UnknownValueError:
            continue
    others = tuple((name, value) for name, value in assigned if name not in names)
    return Flow(
        function=function,
        statements=statements,
        nodes=nodes,
        parents=parents,
        names=names,
        bound=bound,
        assigned=others,
    )


def parameters_of(function: Function) -> tuple[str, ...]:
    """Return the names of a function's parameters in order, `self` and `cls` left out."""
    spelled = function.args
    arguments = [
        *spelled.posonlyargs,
        *spelled.args,
        *([spelled.vararg] if spelled.vararg else []),
        *spelled.kwonlyargs,
    ]
    return tuple(argument.arg for argument in arguments if argument.arg not in {"self", "cls"})


def _assignments(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            yield name, value
