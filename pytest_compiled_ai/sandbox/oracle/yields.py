"""Which functions an artifact has, and which of them are generators, read from its text."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def find_functions(program: str) -> dict[str, bool]:
    """Return the names of a module's functions, and for each whether it has a `yield` of its own.

    Of a text that is no module it returns nothing: the worker will say what is wrong with it.
    """
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    # A keyword has one spelling, other than a name.
    has_yield = "yield" in program
    return {node.name: has_yield and any(map(_is_yield, _own_nodes(node.body))) for node in functions}


def _is_yield(node: ast.AST) -> bool:
    return isinstance(node, ast.Yield | ast.YieldFrom)


def _own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    pending = list(nodes)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, _INNER):
            pending += ast.iter_child_nodes(node)
