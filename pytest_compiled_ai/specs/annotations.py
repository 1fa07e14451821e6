"""Annotations written as strings."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.specs.scopes import parameters_of
from pytest_compiled_ai.specs.syntax import Function, dotted_name, parse_expression


def quoted_annotations(node: Function | ast.ClassDef) -> Iterator[ast.expr]:
    """Yield what the strings in a function's own annotations stand for, those of `Literal[...]` left out.

    Of a class, those of its attributes and of its methods.
    """
    if isinstance(node, ast.ClassDef):
        for item in node.body:
            if isinstance(item, Function):
                yield from quoted_annotations(item)
            elif isinstance(item, ast.AnnAssign):
                yield from _quoted_in([item.annotation])
    else:
        yield from _quoted_in([*(item.annotation for item in parameters_of(node.args)), node.returns])


def _quoted_in(stack: list[ast.expr | None]) -> Iterator[ast.expr]:
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            parsed = parse_expression(node.value)
            if parsed is not None:
                yield parsed
        elif node is not None:
            stack.extend(_types_in(node))


def _types_in(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Subscript):
        name = (dotted_name(node.value) or "").rpartition(".")[2]
        if name == "Literal":
            return
        if name == "Annotated" and isinstance(node.slice, ast.Tuple):
            yield node.slice.elts[0]
            return
    yield from (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
