"""Where a test calls the function under test, and which names stand for literals and for such calls."""

from __future__ import annotations

import ast

from pytest_compiled_ai.gates.answers.example import Call, Unread
from pytest_compiled_ai.gates.answers.parameters import read
from pytest_compiled_ai.gates.answers.values import Names


class Calls:
    """Finds calls of some functions; in `names` a name may stand for one."""

    def __init__(self, functions: frozenset[str]) -> None:
        self._functions = functions

    def assign(self, node: ast.Assign | ast.AnnAssign, names: dict[str, object]) -> None:
        """Bind the names on the left to what stands on the right: a value, or a call under test."""
        if node.value is None:
            return
        value = read(node.value, names)
        call = self.call_in(node.value, names) if value is Unread.UNREAD else None
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            bind(target, call or value, names)

    def call_in(self, node: ast.AST, names: Names) -> Call | None:
        """Return the first call under test in an expression; a name may stand for one."""
        found = self._call(node, names)
        if found:
            return found
        inner = (self._call(part, names) for part in ast.walk(node))
        call = next((part for part in inner if part), None)
        return call and call.part()

    def _call(self, node: ast.AST, names: Names) -> Call | None:
        if isinstance(node, ast.Await):
            return self._call(node.value, names)
        if isinstance(node, ast.Name) and isinstance(named := names.get(node.id), Call):
            return named
        if not isinstance(node, ast.Call):
            return None
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in {"run", "list"} and len(node.args) == 1 and (inner := self._call(node.args[0], names)):
            return inner
        if name not in self._functions:
            return None
        return Call(
            function=name,
            arguments=tuple(read(item, names) for item in node.args),
            keywords=tuple((item.arg or "**", read(item.value, names)) for item in node.keywords),
        )


def bind(target: ast.expr, value: object, names: dict[str, object]) -> None:
    """Let a target's names stand for a value, or for a call under test."""
    if isinstance(target, ast.Name):
        names[target.id] = value
        if value is Unread.UNREAD:
            del names[target.id]
    elif isinstance(target, ast.Tuple | ast.List):
        parts = value if isinstance(value, tuple | list) and len(value) == len(target.elts) else None
        part_of = Unread.UNREAD if not isinstance(value, Call) else value.part()
        for number, inner in enumerate(target.elts):
            bind(inner, part_of if parts is None else parts[number], names)
