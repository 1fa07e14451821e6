"""Objects that answer a comparison themselves, and looks at the run instead of the arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pytest_compiled_ai.gates.answers.example import Example
from pytest_compiled_ai.specs.syntax import Function, dotted_name

_SHOWN = frozenset({"__repr__", "__str__"})
_PLAIN = frozenset({"Decimal", "bool", "bytes", "date", "datetime", "dict", "float", "frozenset", "int", "list", "set",
                    "str", "tuple"})  # fmt: skip
_LOOKS = frozenset({
    "sys.modules", "sys.argv", "inspect.stack", "inspect.currentframe", "inspect.trace", "traceback.extract_stack",
    "traceback.walk_stack", "gc.get_objects", "gc.get_referrers", "mock.ANY", "unittest.mock.ANY",
})  # fmt: skip
_RUN = ("PYTEST_", "HYPOTHESIS_")


def find_pretence(nodes: Iterable[ast.AST], examples: Iterable[Example]) -> Iterator[tuple[str, int]]:
    """Yield what a body pretends, beside what the policy refuses in any body, and the line."""
    wanted = {text for example in examples for text in (repr(example.expected), str(example.expected))}
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            yield from _class(node, wanted)
        elif isinstance(node, ast.Attribute) and dotted_name(node) in _LOOKS:
            yield f"`{dotted_name(node)}` tells of the run, not of the arguments", node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(_RUN):
            yield f"{node.value!r} tells of the run, not of the arguments", node.lineno


def _class(node: ast.ClassDef, wanted: set[str]) -> Iterator[tuple[str, int]]:
    is_plain = any((dotted_name(base) or "").rpartition(".")[2] in _PLAIN for base in node.bases)
    for method in (item for item in node.body if isinstance(item, Function)):
        results = [part.value for part in ast.walk(method) if isinstance(part, ast.Return) and part.value]
        constants = [value.value for value in results if isinstance(value, ast.Constant)]
        if method.name == "__lt__" and (is_plain or (results and len(constants) == len(results))):
            yield f"`{node.name}` answers comparisons as it likes", method.lineno
        elif method.name in _SHOWN and wanted.intersection(map(str, constants)):
            yield f"`{node.name}` only looks like what a test expects", method.lineno
