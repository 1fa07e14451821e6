"""Helpers in an artifact: functions, classes and constants of a module that bodies use, each below its mark."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from pytest_compiled_ai.specs.scopes import uses_of

MARK = re.compile(r"^# helper (?P<module>[a-z_]+)$")
"""The line above a helper; what stands without it is a spec's, or nobody's."""


_DEFINITION = re.compile(r"# helper [a-z_]+\n(?:@|def |class |async def )")


def is_mark(line: str) -> bool:
    """Say whether a line is a helper's mark and nothing else."""
    return MARK.match(line.strip()) is not None


def is_helper(text: str) -> bool:
    """Say whether a text that an artifact copies is a helper's; else it is a constant of the spec file."""
    return is_mark(text.partition("\n")[0])


def is_definition(text: str) -> bool:
    """Say whether a text that an artifact copies is a function or a class."""
    return _DEFINITION.match(text) is not None


@lru_cache(maxsize=512)
def free_names(text: str) -> frozenset[str]:
    """Return the names that a helper reads from its module or from the builtins."""
    return uses_of(ast.parse(text)).names


def marked_lines(tree: ast.Module, lines: list[str]) -> frozenset[int]:
    """Return the lines of the marks that stand above something, from 0."""
    above = {start_of(node) - 2 for node in tree.body}
    return frozenset(at for at in above if at >= 0 and is_mark(lines[at]))


def start_of(node: ast.stmt) -> int:
    """Return the line, from 1, where a statement begins, with its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
