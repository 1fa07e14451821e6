"""Single changes of a text, and those that replace one operator by another."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from pytest_compiled_ai.evaluation.text import SourceText, Span

_COMPARISONS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip
_LOGIC = {"and": "or", "or": "and"}
_ARITHMETIC = {
    "+": "-", "-": "+", "*": "+", "/": "*", "//": "/", "%": "//", "**": "*",
    "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&",
}  # fmt: skip
_ASSIGNMENTS = {f"{old}=": f"{new}=" for old, new in _ARITHMETIC.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change: the text of `span` becomes `text`; `shown` is the piece around it that tells a reader what it is."""

    operator: str
    span: Span
    text: str
    shown: Span


def edit(operator: str, span: Span, text: str, shown: Span | None = None) -> Edit:
    """Return a change that is shown by itself, or by the piece around it."""
    return Edit(operator=operator, span=span, text=text, shown=shown or span)


def swap_comparisons(node: ast.Compare, source: SourceText) -> Iterator[Edit]:
    """Yield each comparison with its neighbour: `<` with `<=`, `in` with `not in`."""
    for left, right in pairwise([node.left, *node.comparators]):
        yield from _swap("comparison", node, left, right, _COMPARISONS, source)


def swap_logic(node: ast.BoolOp, source: SourceText) -> Iterator[Edit]:
    """Yield each `and` as `or`, and each `or` as `and`."""
    for left, right in pairwise(node.values):
        yield from _swap("logic", node, left, right, _LOGIC, source)


def swap_arithmetic(node: ast.BinOp, source: SourceText) -> Iterator[Edit]:
    """Yield an operation as another."""
    yield from _swap("arithmetic", node, node.left, node.right, _ARITHMETIC, source)


def swap_assignment(node: ast.AugAssign, source: SourceText) -> Iterator[Edit]:
    """Yield `+=` as `-=` and the like."""
    yield from _swap("arithmetic", node, node.target, node.value, _ASSIGNMENTS, source)


def drop_sign(node: ast.UnaryOp, source: SourceText) -> Iterator[Edit]:
    """Yield an operand without the `not` or the minus before it."""
    if isinstance(node.op, ast.Not | ast.USub):
        span = source.span(node)
        sign, operand = source.tokens(*span)[:2]
        yield edit("sign", Span(sign.span.start, operand.span.start), "", span)


def _swap(
    name: str,
    node: ast.expr | ast.stmt,
    left: ast.expr,
    right: ast.expr,
    table: Mapping[str, str],
    source: SourceText,
) -> Iterator[Edit]:
    between = source.tokens(source.span(left).end, source.span(right).start)
    words = [token for token in between if token.text not in {"(", ")"}]
    if other := table.get(" ".join(word.text for word in words)):
        yield edit(name, Span(words[0].span.start, words[-1].span.end), other, source.span(node))
