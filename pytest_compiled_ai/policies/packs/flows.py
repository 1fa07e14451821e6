"""Where the values of a body go: from expressions to the names and results that come to hold them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pytest_compiled_ai.policies.attributes import MUTATORS
from pytest_compiled_ai.policies.packs.reading import Reading
from pytest_compiled_ai.policies.packs.scopes import Key
from pytest_compiled_ai.policies.sharing import root_of
from pytest_compiled_ai.specs.syntax import Function

Flow = tuple[Key, ast.AST]
RESULT = "return"
"""A function's result, as if it were a name that the function binds: no name can be a keyword."""


def find_bindings(reading: Reading) -> Iterator[Flow]:
    """Yield each name with an expression that it comes to stand for, or that is put into what it stands for."""
    for node in reading.nodes:
        yield from _bindings(node, reading)
        if isinstance(node, ast.Call):
            yield from _changes(node, reading)
        elif isinstance(node, ast.Lambda):
            yield (node, RESULT), node.body
        elif isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
            yield (reading.scopes.owner(node), RESULT), node.value


def find_caught(reading: Reading) -> Iterator[Flow]:
    """Yield the names of caught exceptions with what was tried: what an exception says is made of it."""
    for tried in (node for node in reading.nodes if isinstance(node, ast.Try | ast.TryStar)):
        for handler in (handler for handler in tried.handlers if handler.name):
            key = reading.scopes.key(handler.name or "", handler)
            yield from ((key, name) for name in _loads(tried.body))


def _bindings(node: ast.AST, reading: Reading) -> Iterator[Flow]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _unpack(target, value, reading)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield from _unpack(target, value, reading)
        case (
            ast.AugAssign(target=target, value=value)
            | ast.withitem(optional_vars=ast.expr() as target, context_expr=value)
        ):
            yield from _unpack(target, value, reading)
        case (
            ast.For(target=target, iter=value)
            | ast.AsyncFor(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
        ):
            yield from _unpack(_counted(target, value, reading), value, reading)
        case ast.Match(subject=value, cases=cases):
            names = [name for case in cases for name in ast.walk(case.pattern)]
            yield from (flow for name in names for flow in _captures(name, value, reading))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            yield from _defaults(node)


def _unpack(target: ast.expr, value: ast.expr, reading: Reading) -> Iterator[Flow]:
    if isinstance(target, ast.Tuple | ast.List):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else ()
        stars = [part for part in (*parts, *target.elts) if isinstance(part, ast.Starred)]
        pairs = len(parts) == len(target.elts) and not stars
        for number, inner in enumerate(target.elts):
            yield from _unpack(inner, parts[number] if pairs else value, reading)
    elif isinstance(target, ast.Starred):
        yield from _unpack(target.value, value, reading)
    elif name := root_of(target):
        yield reading.scopes.key(name, target), value


def _counted(target: ast.expr, value: ast.expr, reading: Reading) -> ast.expr:
    """Return what of a loop's target holds values: the number that `enumerate` counts with is none."""
    counts = isinstance(value, ast.Call) and reading.is_builtin(value.func, {"enumerate"}) and len(value.args) == 1
    return target.elts[1] if counts and isinstance(target, ast.Tuple) and len(target.elts) == 2 else target


def _captures(pattern: ast.AST, value: ast.expr, reading: Reading) -> Iterator[Flow]:
    name = pattern.rest if isinstance(pattern, ast.MatchMapping) else getattr(pattern, "name", None)
    if isinstance(name, str):
        yield reading.scopes.key(name, pattern), value


def _loads(body: Iterable[ast.stmt]) -> Iterator[ast.Name]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield node


def _changes(call: ast.Call, reading: Reading) -> Iterator[Flow]:
    """Yield what a call puts into an object: `parts.append(x)`, `heappush(parts, x)`, `setattr(row, "name", x)`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in MUTATORS | {"setattr"}:
        return
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    changed = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    for value in (*changed, *given[:1]):
        if root := root_of(value):
            yield from ((reading.scopes.key(root, call), item) for item in given if item is not value)


def _defaults(function: Function | ast.Lambda) -> Iterator[Flow]:
    spelled = function.args
    positional = [*spelled.posonlyargs, *spelled.args]
    pairs = [*zip(reversed(positional), reversed(spelled.defaults), strict=False)]
    pairs += [(arg, value) for arg, value in zip(spelled.kwonlyargs, spelled.kw_defaults, strict=True) if value]
    yield from (((function, arg.arg), value) for arg, value in pairs)
