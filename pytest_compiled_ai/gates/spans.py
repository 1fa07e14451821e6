"""Where in a class the bodies of its methods stand."""

from __future__ import annotations

import ast
import functools

from pytest_compiled_ai.specs.class_stub import label_of
from pytest_compiled_ai.specs.headers import head_end
from pytest_compiled_ai.specs.syntax import Function


@functools.lru_cache(maxsize=64)
def body_lines(source: str, methods: frozenset[str]) -> frozenset[int]:
    """Return the lines, from 1, of the bodies that a class has for the methods of these labels."""
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.ClassDef)
    found = [item for item in node.body if isinstance(item, Function) and label_of(item) in methods]
    return frozenset(line for item in found for line in range(head_end(item, source) + 1, (item.end_lineno or 0) + 1))
