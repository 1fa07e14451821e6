"""Names: only what the body binds itself, what the artifact defines, and the builtins that compute."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.policies.attributes import DEFINABLE_DUNDERS, is_dunder
from pytest_compiled_ai.policies.builtin_functions import ALLOWED, CALLED_ONLY, INSTEAD, VARIABLES
from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.scene import BUILTINS, Scene

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _check_use(node: ast.Name, scene: Scene) -> Iterator[Finding]:
    name = node.id
    if is_dunder(name):
        if not (name in DEFINABLE_DUNDERS and isinstance(node.ctx, ast.Store)):
            yield Finding(rule="names", what=f"`{name}` is not for a body", instead="leave it out", line=node.lineno)
    elif isinstance(node.ctx, ast.Load) and name in scene.outer and name not in scene.known:
        yield from _judge_builtin(node, scene)
    elif not isinstance(node.ctx, ast.Load):
        yield from _judge_binding(name, node.lineno)


def _judge_builtin(node: ast.Name, scene: Scene) -> Iterator[Finding]:
    name = node.id
    if name in scene.policy.builtins:
        return
    if name not in ALLOWED:
        is_builtin = name in BUILTINS
        what = f"`{name}` may not be used" if is_builtin else f"`{name}` is not defined here"
        instead = INSTEAD.get(name, "leave it out" if is_builtin else "import it, or write it inside the function")
        yield Finding(rule="names", what=what, instead=instead, line=node.lineno)
    elif name in CALLED_ONLY and not _is_called(node, scene):
        what = f"`{name}` stands where it is not called"
        yield Finding(rule="names", what=what, instead="write `value.attribute` where you need it", line=node.lineno)


def _is_called(node: ast.Name, scene: Scene) -> bool:
    parent = scene.parents[node]
    return isinstance(parent, ast.Call) and parent.func is node


def _judge_binding(name: str, line: int) -> Iterator[Finding]:
    if name in BUILTINS and name not in VARIABLES:
        yield Finding(rule="shadowing", what=f"`{name}` is a builtin's name", instead="choose another name", line=line)


def _check_parameter(node: ast.arg, _: Scene) -> Iterator[Finding]:
    if is_dunder(node.arg):
        yield Finding(rule="names", what=f"`{node.arg}` is not for a body", instead="rename it", line=node.lineno)
    yield from _judge_binding(node.arg, node.lineno)


def _check_handler(node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar, _: Scene) -> Iterator[Finding]:
    if node.name:
        yield from _judge_binding(node.name, node.lineno)


def _check_definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scene: Scene) -> Iterator[Finding]:
    # A method's name shadows nothing.
    if not isinstance(scene.parents[node], ast.ClassDef):
        yield from _judge_binding(node.name, node.lineno)


RULES = (
    Rule(types=(ast.Name,), look=_check_use),
    Rule(types=(ast.arg,), look=_check_parameter),
    Rule(types=(ast.ExceptHandler, ast.MatchAs, ast.MatchStar), look=_check_handler),
    Rule(types=_DEFINITIONS, look=_check_definition),
)
