"""A body as the rules of packs read it: its nodes, its names, and what they stand for."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pytest_compiled_ai.artifacts.module import Definition, Import, read_imports
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.gates.own import own_body, own_functions
from pytest_compiled_ai.policies.packs.scopes import Key, Scopes, arguments, read_scopes
from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.syntax import Function

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One candidate: `functions` are those whose bodies a model wrote, `nodes` all that it wrote in them.

    `given` are the values that a name is bound to by `=` or `:=` as they are, `local` the functions and classes that
    the body defines.
    """

    functions: tuple[Function, ...]
    statements: Mapping[Function, tuple[ast.stmt, ...]]
    nodes: tuple[ast.AST, ...]
    scopes: Scopes
    imports: Mapping[str, tuple[Import, ...]]
    given: Mapping[Key, tuple[ast.expr, ...]]
    local: Mapping[Key, tuple[Definition, ...]]

    def key(self, node: ast.Name) -> Key:
        """Return a name with what binds it."""
        return self.scopes.key(node.id, node)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node above one, None above a body."""
        return self.scopes.parents.get(node)

    def parameters(self) -> Iterator[tuple[Key, ast.arg]]:
        """Yield the parameters that the spec declares."""
        for function in self.functions:
            yield from (((function, argument.arg), argument) for argument in arguments(function))

    def is_builtin(self, node: ast.expr, names: Iterable[str]) -> bool:
        """Tell whether an expression is one of some builtins, under its own name."""
        return isinstance(node, ast.Name) and node.id in names and self.key(node)[0] is None

    def names_of(self, node: ast.Name, *, is_bound: bool) -> frozenset[str]:
        """Return what a name stands for by itself: an import, a parameter as `@name`, a builtin, or nothing known.

        With `is_bound` something was assigned to it, and it is no builtin.
        """
        key = self.key(node)
        found = {_full_name(item) for item in self.imports.get(node.id, ())}
        for parameter, argument in self.parameters():
            if parameter == key:
                found.add("logging.Logger()" if _is_logger(argument) else f"@{node.id}")
        if not found and key[0] is None and not is_bound and node.id in BUILTIN_NAMES:
            found.add(node.id)
        return frozenset(found)


def read_body(candidate: Candidate, subject: Subject) -> Reading:
    """Return the reading of a candidate, the same one to every rule."""
    return _read(candidate, subject.imports)


@functools.lru_cache(maxsize=4)
def _read(candidate: Candidate, imports: tuple[Import, ...]) -> Reading:
    functions = tuple(own_functions(candidate))
    statements = {function: tuple(own_body(function, candidate)) for function in functions}
    parents: dict[ast.AST, ast.AST] = {statement: f for f, body in statements.items() for statement in body}
    nodes: list[ast.AST] = [statement for body in statements.values() for statement in body]
    for node in nodes:
        for child in ast.iter_child_nodes(node):
            parents.setdefault(child, node)
            nodes.append(child)
    scopes = read_scopes(functions, nodes, parents)
    inner = [item for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for item in read_imports(node)]
    return Reading(
        functions=functions,
        statements=statements,
        nodes=tuple(nodes),
        scopes=scopes,
        imports=group((item.bound, item) for item in (*imports, *candidate.imports, *inner)),
        given=group(pair for node in nodes for pair in _given(node, scopes)),
        local=group((scopes.key(n.name, n), n) for n in nodes if isinstance(n, Definition)),
    )


def _given(node: ast.AST, scopes: Scopes) -> Iterator[tuple[Key, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((scopes.key(t.id, t), value) for t in targets if isinstance(t, ast.Name))
        case (
            ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value)
            | ast.NamedExpr(target=ast.Name() as target, value=value)
        ):
            yield scopes.key(target.id, target), value


def _is_logger(argument: ast.arg) -> bool:
    return argument.annotation is not None and "Logger" in ast.unparse(argument.annotation)


def _full_name(item: Import) -> str:
    if item.name is not None:
        return f"{item.module}.{item.name}"
    return item.bound if item.bound == item.module.partition(".")[0] else item.module


def group(pairs: Iterable[tuple[_Key, _Value]]) -> Mapping[_Key, tuple[_Value, ...]]:
    """Return the values of each key, in order."""
    found: dict[_Key, tuple[_Value, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found
