"""Which names of a function are its own business: locals whose names can change without changing what it means."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.syntax import Function
from pytest_compiled_ai.specs.walking import nodes_in

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_READERS_OF_NAMES = frozenset({"locals", "vars", "dir", "eval", "exec"})
NAME_FIELDS = {"ExceptHandler": "name", "MatchAs": "name", "MatchStar": "name", "MatchMapping": "rest"}


def renamable_locals(function: Function, taken: frozenset[str]) -> frozenset[str]:
    """Return the locals of an outermost function that digests number instead of naming.

    These are the names that it, or a function inside it, binds as targets (assignment, for, with, except, walrus,
    match, comprehension, del). A name keeps its spelling where that could matter: parameters, nested functions and
    classes, class attributes, imports, `global` and `nonlocal` names, double underscores, builtins, whatever the
    decorators, defaults and annotations mention, and `taken`: the names that the module binds at its top level.
    Nothing is numbered in a function that asks for names at run time (`locals`, `vars`, `dir`, `eval`, `exec`), nor
    where `taken` has a `*`: after a star import nobody knows what is bound.
    """
    nodes = nodes_in(*function.body)
    targets = set(_targets(nodes))
    if (
        not targets
        or "*" in taken
        or any(isinstance(node, ast.Name) and node.id in _READERS_OF_NAMES for node in nodes)
    ):
        return frozenset()
    kept = taken | BUILTIN_NAMES | set(_kept_names(nodes)) | set(_outer_names(function))
    return frozenset(name for name in targets if name not in kept and not name.startswith("__"))


def name_field(node: ast.AST) -> str | None:
    """Return the field of a node that holds a bound name as plain text, if it has one."""
    return NAME_FIELDS.get(type(node).__name__)


def _targets(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node.id
        elif (field := name_field(node)) and (name := getattr(node, field)):
            yield name


def _kept_names(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, _FUNCTIONS):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield node.name
            yield from _targets(nodes_in(node))
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif type(node).__name__ in {"TypeVar", "ParamSpec", "TypeVarTuple"}:
            yield getattr(node, "name")  # noqa: B009 -- these classes are unknown to the oldest Python


def _outer_names(function: Function) -> Iterator[str]:
    yield function.name
    outer = [*function.decorator_list, function.args, function.returns, *getattr(function, "type_params", ())]
    for node in (node for part in outer if part is not None for node in nodes_in(part)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(getattr(node, "name", None), str):
            yield getattr(node, "name")  # noqa: B009 -- type parameters, as above
