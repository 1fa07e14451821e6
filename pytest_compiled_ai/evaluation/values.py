"""Changes of values: constants, results, and the bounds of slices."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import AnyStr

from pytest_compiled_ai.evaluation.edits import Edit, edit
from pytest_compiled_ai.evaluation.text import SourceText
from pytest_compiled_ai.specs.syntax import Function, parse_expression

_BLANKS = {
    "None": ("None",), "bool": ("True", "False"), "bytes": ('b""',), "dict": ("{}",), "float": ("0.0",),
    "frozenset": ("frozenset()",), "int": ("0",), "list": ("[]",), "set": ("set()",), "str": ('""',),
}  # fmt: skip


def change_constant(node: ast.Constant, source: SourceText) -> Iterator[Edit]:
    """Yield a number one higher and one lower, a truth value negated, a text emptied and shortened."""
    value, span = node.value, source.span(node)
    if isinstance(value, bool):
        yield edit("truth", span, repr(not value))
    elif isinstance(value, int):
        yield edit("number", span, repr(value + 1))
        yield edit("number", span, repr(value - 1))
    elif isinstance(value, str):
        yield from (edit("text", span, repr(other)) for other in _other_texts(value, "x", "y"))
    elif isinstance(value, bytes):
        yield from (edit("text", span, repr(other)) for other in _other_texts(value, b"x", b"y"))


def empty_text(node: ast.JoinedStr, source: SourceText) -> Iterator[Edit]:
    """Yield a formatted text emptied."""
    yield edit("text", source.span(node), '""')


def drop_bounds(node: ast.Slice, source: SourceText) -> Iterator[Edit]:
    """Yield a slice without each of its bounds that is not the one it would have anyway."""
    for part, given in ((node.lower, 0), (node.upper, None), (node.step, 1)):
        if part is not None and not (isinstance(part, ast.Constant) and part.value == given):
            yield edit("slice", source.span(part), "", source.span(node))


def blank_results(node: ast.FunctionDef | ast.AsyncFunctionDef, source: SourceText) -> Iterator[Edit]:
    """Yield each `return` of a function with the blank values of the type that its annotation names."""
    blanks = _blanks_of(node.returns)
    for found in _returns_in(node.body):
        span = source.span(found)
        for blank in blanks if not isinstance(found, ast.Constant) else ():
            yield edit("result", span, blank)


def _other_texts(value: AnyStr, one: AnyStr, other: AnyStr) -> list[AnyStr]:
    if not value:
        return [one]
    return [value[:0], value[:-1] if len(value) > 1 else other if value == one else one]


def _blanks_of(annotation: ast.expr | None) -> tuple[str, ...]:
    """Return the blank values of an annotation; None goes before others where it is allowed."""
    names = [name for part in _alternatives(annotation) if (name := _name_of(part)) in _BLANKS]
    return _BLANKS[min(names, key=list(_BLANKS).index)] if names else ()


def _alternatives(annotation: ast.expr | None) -> Iterator[ast.expr]:
    match annotation:
        case None:
            return
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _alternatives(left)
            yield from _alternatives(right)
        case ast.Constant(value=str(text)):
            yield from _alternatives(parse_expression(text))
        case ast.Subscript(value=ast.Name(id="Optional")):
            yield ast.Constant(None)
        case _:
            yield annotation


def _name_of(annotation: ast.expr) -> str:
    match annotation:
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name
        case ast.Constant(value=None):
            return "None"
    return ""


def _returns_in(statements: list[ast.stmt]) -> Iterator[ast.expr]:
    """Yield what a function returns, and not what the functions inside it do."""
    todo: list[ast.AST] = list(statements)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value
        elif not isinstance(node, Function | ast.ClassDef | ast.expr):
            todo += ast.iter_child_nodes(node)
