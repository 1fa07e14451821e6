"""State: nothing is changed that outlives the call, so that no call depends on another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.policies.attributes import MUTATORS
from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.scene import Scene
from pytest_compiled_ai.policies.sharing import root_of

_INSTEAD = "work on a copy under a name of its own"


def _check_global(node: ast.Global, _: Scene) -> Iterator[Finding]:
    what = f"`global {', '.join(node.names)}` keeps state between calls"
    yield Finding(rule="state", what=what, instead="use local variables", line=node.lineno)


def _check_store(node: ast.Attribute | ast.Subscript, scene: Scene) -> Iterator[Finding]:
    if isinstance(node.ctx, ast.Load):
        return
    if root_of(node.value) in scene.shared or _is_type(node.value):
        what = f"`{ast.unparse(node)}` is changed, and outlives the call"
        yield Finding(rule="state", what=what, instead=_INSTEAD, line=node.lineno)


def _is_type(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr == "__class__":
            return True
        node = node.value
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"


def _check_growth(node: ast.AugAssign, scene: Scene) -> Iterator[Finding]:
    if isinstance(node.target, ast.Name) and node.target.id in scene.containers:
        what = f"`{node.target.id}` is changed, and outlives the call"
        yield Finding(rule="state", what=what, instead=_INSTEAD, line=node.lineno)


def _check_call(node: ast.Call, scene: Scene) -> Iterator[Finding]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    changed: ast.expr | None = None
    if name in MUTATORS:
        changed = _changed(node, scene)
    elif name in {"setattr", "delattr"} and node.args and root_of(node.args[0]) in scene.shared:
        changed = node.args[0]
    if changed is not None:
        what = f"`{ast.unparse(changed)}` is changed, and outlives the call"
        yield Finding(rule="state", what=what, instead=_INSTEAD, line=node.lineno)


def _changed(node: ast.Call, scene: Scene) -> ast.expr | None:
    """Return what a call of a mutator changes that is shared: its object, or its first argument."""
    if isinstance(node.func, ast.Attribute):
        receiver = node.func.value
        root = root_of(receiver)
        # `heapq.merge` is a function of a module, `Sequence.register` and `os.environ.update` are methods.
        is_function = isinstance(receiver, ast.Name) and any(i.name is None for i in scene.imports.get(root or "", ()))
        if root in scene.shared and not is_function:
            return receiver
    if node.args and root_of(node.args[0]) in scene.containers:
        return node.args[0]
    return None


RULES = (
    Rule(types=(ast.Global,), look=_check_global),
    Rule(types=(ast.Attribute, ast.Subscript), look=_check_store),
    Rule(types=(ast.AugAssign,), look=_check_growth),
    Rule(types=(ast.Call,), look=_check_call),
)
