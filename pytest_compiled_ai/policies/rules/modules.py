"""Modules: they stand only before a dot, and what follows the dot is in their public API."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.policies.api import is_standard
from pytest_compiled_ai.policies.attributes import is_dunder, is_private
from pytest_compiled_ai.policies.modules import OUTSIDE
from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.rules.imports import is_module, may_pass, may_take
from pytest_compiled_ai.policies.scene import Scene


def _check_name(node: ast.Name, scene: Scene) -> Iterator[Finding]:
    if not isinstance(node.ctx, ast.Load):
        return
    for item in scene.imports.get(node.id, ()):
        if is_module(item, scene.policy):
            yield from _judge_chain(node, item, scene)
        else:
            yield from _judge_member(node, item, scene)


def _judge_chain(node: ast.Name, item: Import, scene: Scene) -> Iterator[Finding]:
    module = item.module if item.name is None else f"{item.module}.{item.name}"
    if item.name is None and item.bound == module.partition(".")[0]:
        module = item.bound
    inner: ast.AST = node
    for step in _steps(node, scene):
        deeper = f"{module}.{step.attr}"
        is_below = is_standard(module) and not may_take(module, step.attr, scene.policy)
        if is_below and may_pass(deeper, scene.policy):
            module, inner = deeper, step
            continue
        if not may_take(module, step.attr, scene.policy):
            what = f"`{module}.{step.attr}` is not for a body"
            yield Finding(rule="modules", what=what, instead="do without it", line=step.lineno)
        return
    what = f"the module `{module}` is used as a value"
    instead = f"write `{ast.unparse(inner)}.name` where you need something of it"
    yield Finding(rule="modules", what=what, instead=instead, line=node.lineno)


def _judge_member(node: ast.Name, item: Import, scene: Scene) -> Iterator[Finding]:
    name = item.name or ""
    if item not in scene.given and not may_take(item.module, name, scene.policy):
        what = f"`{item.module}.{name}` is not for a body"
        yield Finding(rule="modules", what=what, instead="do without it", line=node.lineno)


def _steps(node: ast.AST, scene: Scene) -> Iterator[ast.Attribute]:
    """Yield the attributes that are read from a name, from left to right."""
    parent = scene.parents.get(node)
    while isinstance(parent, ast.Attribute):
        yield parent
        parent = scene.parents.get(parent)


def _check_path(node: ast.Attribute, scene: Scene) -> Iterator[Finding]:
    root: ast.AST = node.value
    while isinstance(root, ast.Attribute):
        root = root.value
    if isinstance(root, ast.Name) and root.id in scene.imports:
        if node.attr in OUTSIDE and not scene.policy.names(node.attr) and _leads_outside(scene.imports[root.id]):
            what = f"`{ast.unparse(node)}` is another module's"
            yield Finding(rule="modules", what=what, instead="do without it", line=node.lineno)
        elif is_private(node.attr) and not is_dunder(node.attr):
            what = f"`{ast.unparse(node)}` is private"
            yield Finding(rule="modules", what=what, instead="use its public names", line=node.lineno)


def _leads_outside(items: tuple[Import, ...]) -> bool:
    return any(not is_standard(item.module) for item in items)


RULES = (Rule(types=(ast.Name,), look=_check_name), Rule(types=(ast.Attribute,), look=_check_path))
