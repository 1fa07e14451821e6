"""Classes: plain ones, whose instances are equal, true and of their type only where they are."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.policies.attributes import DEFINABLE_DUNDERS, is_dunder
from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.scene import Scene


def _check_definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, _: Scene) -> Iterator[Finding]:
    if is_dunder(node.name) and node.name not in DEFINABLE_DUNDERS:
        what = f"`{node.name}` is defined"
        yield Finding(
            rule="classes", what=what, instead="use a plain method, or data instead of a class", line=node.lineno
        )


def _check_class(node: ast.ClassDef, _: Scene) -> Iterator[Finding]:
    for keyword in node.keywords:
        if keyword.arg != "total":
            what = f"the class `{node.name}` takes {'`metaclass`' if keyword.arg == 'metaclass' else 'arguments'}"
            yield Finding(rule="classes", what=what, instead="write a plain class", line=node.lineno)


RULES = (
    Rule(types=(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), look=_check_definition),
    Rule(types=(ast.ClassDef,), look=_check_class),
)
