"""Whether a function can come to its end without a `return`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pytest_compiled_ai.specs.syntax import Function


def falls_through(body: Sequence[ast.stmt]) -> bool:
    """Tell whether what stands behind the statements can be reached; in doubt it can."""
    return not any(map(_leaves, body))


def _leaves(node: ast.stmt) -> bool:
    match node:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=body, orelse=orelse):
            return not falls_through(body) and not falls_through(orelse)
        case ast.While(test=ast.Constant(value=value), body=body):
            return bool(value) and not any(isinstance(each, ast.Break) for each in _own_loop(body))
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return not falls_through(body)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            return not falls_through(final) or not any(map(falls_through, _ways(body, orelse, handlers)))
        case ast.Match(cases=cases):
            return _catches_all(cases[-1]) and not any(falls_through(case.body) for case in cases)
        case _:
            return False


def _ways(
    body: list[ast.stmt], orelse: list[ast.stmt], handlers: list[ast.ExceptHandler]
) -> Iterator[Sequence[ast.stmt]]:
    yield [*body, *orelse]
    for handler in handlers:
        yield handler.body


def _catches_all(case: ast.match_case) -> bool:
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _own_loop(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield what stands in a loop and in no other loop or function inside of it."""
    for node in body:
        yield node
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            yield from _own_loop(node.orelse)
        elif not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            yield from _own_loop(list(ast.iter_child_nodes(node)))
