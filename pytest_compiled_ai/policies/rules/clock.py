"""The clock: a body that reads it can be right today and wrong on the day that it chose."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.scene import Scene

_READINGS = frozenset({"now", "today", "utcnow"})
"""What `date` and `datetime` answer by the clock; any object may have an attribute of that name, but few call it."""


def _check_reading(node: ast.Attribute, scene: Scene) -> Iterator[Finding]:
    if node.attr not in _READINGS or scene.policy.names("time"):
        return
    parent = scene.parents.get(node)
    if (isinstance(parent, ast.Call) and parent.func is node) or _is_of_datetime(node, scene):
        what = f"`{ast.unparse(node)}` reads the clock"
        yield Finding(rule="clock", what=what, instead="compute the result from the arguments alone", line=node.lineno)


def _is_of_datetime(node: ast.Attribute, scene: Scene) -> bool:
    root: ast.AST = node.value
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and any(item.module == "datetime" for item in scene.imports.get(root.id, ()))


RULES = (Rule(types=(ast.Attribute,), look=_check_reading),)
