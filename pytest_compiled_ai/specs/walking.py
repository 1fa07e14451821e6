"""Ways through a syntax tree that cost less than `ast.walk`: most of the time of a check is spent on them."""

from __future__ import annotations

import ast
import functools
from collections import deque
from collections.abc import Iterator
from typing import Any

_EMPTY = frozenset({"ctx", "kind", "type_comment", "type_ignores", "op", "ops"})
"""Fields below which no name, no string and no statement stands."""
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def children_of(node: ast.AST) -> list[ast.AST]:
    """Return a node's children in source order, without contexts and operators."""
    found: list[ast.AST] = []
    kind: Any = type(node)
    for field in _fields(kind):
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def nodes_in(*roots: ast.AST) -> list[ast.AST]:
    """Return the roots and all nodes below them in no particular order, without contexts and operators."""
    found: list[ast.AST] = [*roots]
    # It grows while it is gone through.
    for node in found:
        kind: Any = type(node)
        if _fields(kind):
            found += children_of(node)
    return found


def definitions_in(tree: ast.Module) -> Iterator[_Definition]:
    """Yield every function and class of a module, the outer ones first."""
    pending: deque[ast.AST] = deque([tree])
    while pending:
        node = pending.popleft()
        if isinstance(node, _DEFINITIONS):
            yield node
        kind: Any = type(node)
        for block in _blocks(kind):
            pending += getattr(node, block)


@functools.cache
def _blocks(kind: Any) -> tuple[str, ...]:
    # No expression holds a definition.
    return tuple(field for field in _BLOCKS if field in kind._fields)


@functools.cache
def _fields(kind: Any) -> tuple[str, ...]:
    return () if kind is ast.Constant or kind is ast.Name else tuple(f for f in kind._fields if f not in _EMPTY)
