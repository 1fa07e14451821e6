"""Changes of the way through a function: conditions, loops, statements and calls left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.evaluation.edits import Edit, edit
from pytest_compiled_ai.evaluation.text import SourceText, Span

_POSITIONAL = {
    "lstrip": 0, "rsplit": 0, "rstrip": 0, "split": 0, "strip": 0, "enumerate": 1, "get": 1, "round": 1, "sum": 1,
}  # fmt: skip
"""Calls that mean something without their last argument, with the number of those that they need."""
_KEYWORDS = frozenset({"default", "key", "maxsplit", "reverse", "start"})
_MILD = frozenset({
    "capitalize", "casefold", "lower", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "strip",
    "swapcase", "title", "upper",
})  # fmt: skip
"""Methods of texts that give a text, so that the text alone fits as well."""


def force_condition(node: ast.If | ast.IfExp | ast.While, source: SourceText) -> Iterator[Edit]:
    """Yield a condition as true and as false, a loop's only as false: for ever is no way through."""
    yield from _force(node.test, ("False",) if isinstance(node, ast.While) else ("True", "False"), source)


def force_filters(node: ast.comprehension, source: SourceText) -> Iterator[Edit]:
    """Yield each filter of a comprehension as true and as false."""
    for test in node.ifs:
        yield from _force(test, ("True", "False"), source)


def swap_jump(node: ast.Break | ast.Continue, source: SourceText) -> Iterator[Edit]:
    """Yield `break` as `continue`, and the other way round."""
    yield edit("jump", source.span(node), "continue" if isinstance(node, ast.Break) else "break")


def delete_statement(node: ast.stmt, source: SourceText) -> Iterator[Edit]:
    """Yield without itself a statement that only changes something, or that only calls."""
    match node:
        case (
            ast.AugAssign()
            | ast.Delete()
            | ast.Expr(value=ast.Call() | ast.Await())
            | ast.Assign(targets=[ast.Subscript() | ast.Attribute()])
        ):
            yield edit("statement", source.span(node), "pass")


def drop_from_call(node: ast.Call, source: SourceText) -> Iterator[Edit]:
    """Yield a call without an argument that it can do without, and a text without the call that changes it."""
    function, shown = node.func, source.span(node)
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if isinstance(function, ast.Attribute) and name in _MILD:
        after = source.tokens(source.span(function.value).end, shown.end)
        dot = next(token.span.start for token in after if token.text == ".")
        yield edit("call", Span(dot, shown.end), "", shown)
    items: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    for number, argument in enumerate(items):
        if _is_needless(number, argument, node, _POSITIONAL.get(name, len(items))):
            yield edit("argument", _with_comma(items, number, source), "", shown)


def _force(test: ast.expr, values: tuple[str, ...], source: SourceText) -> Iterator[Edit]:
    for value in values:
        # What a condition binds has to be bound where the condition holds.
        is_binding = value == "True" and any(isinstance(node, ast.NamedExpr) for node in ast.walk(test))
        if not isinstance(test, ast.Constant) and not is_binding:
            yield edit("condition", source.span(test), value)


def _is_needless(number: int, argument: ast.expr | ast.keyword, call: ast.Call, needed: int) -> bool:
    value = argument.value if isinstance(argument, ast.keyword) else argument
    if isinstance(value, ast.Starred) or (isinstance(value, ast.Constant) and not value.value):
        return False
    if isinstance(argument, ast.keyword):
        return argument.arg in _KEYWORDS
    return number >= needed and number == len(call.args) - 1


def _with_comma(items: list[ast.expr | ast.keyword], number: int, source: SourceText) -> Span:
    """Return where an argument stands, with the comma before it, or after it where it is the first of several."""
    span = source.span(items[number])
    if number:
        before = source.tokens(source.span(items[number - 1]).end, span.start)
        return Span(next(token.span.start for token in before if token.text == ","), span.end)
    return Span(span.start, source.span(items[1]).start) if len(items) > 1 else span
