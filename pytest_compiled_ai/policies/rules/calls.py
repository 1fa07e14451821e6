"""Calls: none that makes a class at run time, or copies attributes by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.scene import Scene

_TAKES_TYPES = frozenset({"groupby", "isinstance", "issubclass", "map"})
_TYPES_TEXT = """
bool bytes complex dict float frozenset int list object set str tuple type
"""
_TYPES = frozenset(_TYPES_TEXT.split())


def _check_type(node: ast.Name, scene: Scene) -> Iterator[Finding]:
    """Let `type` stand where it is asked for a type, and nowhere where it could make one."""
    if node.id != "type" or node.id not in scene.outer or not isinstance(node.ctx, ast.Load):
        return
    parent = scene.parents[node]
    if isinstance(parent, ast.Call) and parent.func is node:
        fine = len(parent.args) == 1 and not parent.keywords and not isinstance(parent.args[0], ast.Starred)
        fine = fine and not _is_class(parent.args[0])
    elif isinstance(parent, ast.Call):
        fine = _name_of(parent.func) in _TAKES_TYPES
    else:
        fine = isinstance(parent, ast.Subscript | ast.Compare) or _is_annotation(node, scene)
    if not fine:
        yield Finding(rule="types", what="`type` makes a class here", instead="write a class", line=node.lineno)


def _is_class(node: ast.expr) -> bool:
    return _asks_type(node) or (isinstance(node, ast.Name) and node.id in _TYPES)


def _is_annotation(node: ast.expr, scene: Scene) -> bool:
    parent = scene.parents[node]
    return node in {getattr(parent, "annotation", None), getattr(parent, "returns", None)} or isinstance(
        parent, ast.BinOp
    )


def _check_making(node: ast.Call, _: Scene) -> Iterator[Finding]:
    """Refuse what looks as `type(name, bases, namespace)` does, whatever it is called."""
    given = [value for value in node.args if not isinstance(value, ast.Starred)]
    if len(given) == 3 and isinstance(given[1], ast.Tuple) and isinstance(given[2], ast.Dict):
        if isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
            yield Finding(rule="types", what="this call makes a class", instead="write a class", line=node.lineno)
    elif len(node.args) == 3 and _asks_type(node.func):
        yield Finding(rule="types", what="this call makes a class", instead="write a class", line=node.lineno)


def _asks_type(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "__class__"
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"


def _check_wraps(node: ast.Call, _: Scene) -> Iterator[Finding]:
    if _name_of(node.func) == "wraps" and (len(node.args) != 1 or node.keywords):
        what = "`wraps` is told which attributes to copy"
        yield Finding(rule="types", what=what, instead="write `wraps(function)`", line=node.lineno)


def _name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


RULES = (
    Rule(types=(ast.Name,), look=_check_type),
    Rule(types=(ast.Call,), look=_check_making),
    Rule(types=(ast.Call,), look=_check_wraps),
)
