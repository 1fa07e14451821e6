"""Attributes: none that leads into the interpreter, however it is named: by a dot, by text, by a pattern."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pytest_compiled_ai.policies.attributes import INTERNAL, READABLE_DUNDERS, is_dunder, is_private
from pytest_compiled_ai.policies.rules.finding import Finding, Rule
from pytest_compiled_ai.policies.scene import Scene

_NAMED_BY_TEXT = frozenset({"delattr", "getattr", "hasattr", "setattr"})
_FIELD = re.compile(r"\{[^{}]*?([.\[][^{}:!]*)")


def judge(name: str, node: ast.expr | ast.pattern, scene: Scene, *, is_read: bool) -> Iterator[Finding]:
    """Yield what is wrong with an attribute of that name."""
    what = ""
    if name in INTERNAL:
        what = f"`.{name}` is the interpreter's own"
    elif is_dunder(name) and not (is_read and name in READABLE_DUNDERS):
        what = f"`.{name}` is the language's own"
    elif is_private(name) and name not in scene.private:
        what = f"`.{name}` is private"
    if what:
        yield Finding(rule="attributes", what=what, instead="use public attributes only", line=node.lineno)


def _check_attribute(node: ast.Attribute, scene: Scene) -> Iterator[Finding]:
    yield from judge(node.attr, node, scene, is_read=isinstance(node.ctx, ast.Load))
    if node.attr in {"format", "format_map"}:
        yield from _judge_template(node)


def _judge_template(node: ast.Attribute) -> Iterator[Finding]:
    # A template can read attributes of its arguments, so that it has to be there to be read.
    if not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
        what = f"`.{node.attr}` is used on something that is not a string literal"
    elif any("_" in path for path in _FIELD.findall(node.value.value)):
        what = f"a template of `.{node.attr}` reads attributes"
    else:
        return
    yield Finding(rule="templates", what=what, instead="use an f-string", line=node.lineno)


def _check_named(node: ast.Call, scene: Scene) -> Iterator[Finding]:
    if not (isinstance(node.func, ast.Name) and node.func.id in _NAMED_BY_TEXT and node.func.id in scene.outer):
        return
    name = node.args[1] if len(node.args) > 1 else None
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        yield from judge(name.value, node, scene, is_read=node.func.id in {"getattr", "hasattr"})
        if name.value in {"format", "format_map"}:
            yield Finding(
                rule="templates", what="`format` is named by text", instead="use an f-string", line=node.lineno
            )
    elif node.func.id != "hasattr":
        what = f"`{node.func.id}` with a name that is not a string literal"
        yield Finding(rule="attributes", what=what, instead="write `value.attribute`", line=node.lineno)


def _check_pattern(node: ast.MatchClass, scene: Scene) -> Iterator[Finding]:
    for name in node.kwd_attrs:
        yield from judge(name, node, scene, is_read=True)


def _check_text(node: ast.Constant, _: Scene) -> Iterator[Finding]:
    if isinstance(node.value, str) and is_dunder(node.value) and node.value.isidentifier():
        what = f"the string {node.value!r} is one of the language's own names"
        yield Finding(rule="attributes", what=what, instead="leave it out", line=node.lineno)


RULES = (
    Rule(types=(ast.Attribute,), look=_check_attribute),
    Rule(types=(ast.Call,), look=_check_named),
    Rule(types=(ast.MatchClass,), look=_check_pattern),
    Rule(types=(ast.Constant,), look=_check_text),
)
