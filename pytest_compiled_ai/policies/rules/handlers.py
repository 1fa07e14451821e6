"""Handlers: none that swallows what ends a process or a test."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.scene import Scene

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _check_handler(node: ast.ExceptHandler, _: Scene) -> Iterator[Finding]:
    last = node.body[-1]
    if node.type is None and not (isinstance(last, ast.Raise) and last.exc is None):
        what = "a bare `except:` swallows everything"
        yield Finding(rule="handlers", what=what, instead="name the exceptions that you expect", line=node.lineno)


def _check_finally(node: ast.Try | ast.TryStar, _: Scene) -> Iterator[Finding]:
    for jump in _jumps(node.finalbody, in_loop=False):
        what = f"`{type(jump).__name__.lower()}` in `finally` swallows every exception"
        yield Finding(rule="handlers", what=what, instead="put it after the `try` statement", line=jump.lineno)


def _jumps(nodes: Iterable[ast.AST], *, in_loop: bool) -> Iterator[ast.stmt]:
    for node in nodes:
        if isinstance(node, ast.Return) or (isinstance(node, ast.Break | ast.Continue) and not in_loop):
            yield node
        elif not isinstance(node, _SCOPES):
            yield from _jumps(ast.iter_child_nodes(node), in_loop=in_loop or isinstance(node, _LOOPS))


RULES = (
    Rule(types=(ast.ExceptHandler,), look=_check_handler),
    Rule(types=(ast.Try, ast.TryStar), look=_check_finally),
)
