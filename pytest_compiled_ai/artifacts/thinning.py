"""An artifact without some of its sections, and without the imports, constants and helpers that these alone needed.

Pure: text in, text out. Every line that stays, stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from pytest_compiled_ai.artifacts.exact import lines_of, newline_of, with_blanks
from pytest_compiled_ai.artifacts.helpers import free_names, is_mark, marked_lines, start_of
from pytest_compiled_ai.artifacts.module import Definition, names_used
from pytest_compiled_ai.artifacts.scaffolding import is_scaffold_mark, owned_in
from pytest_compiled_ai.artifacts.stamping import is_stamp


class _Cut(NamedTuple):
    """Lines `start` (from 0) to `end` go, and `instead` takes their place."""

    start: int
    end: int
    instead: str = ""


def drop_sections(text: str, gone: Collection[str]) -> str:
    """Return an artifact's text without the definitions named `gone`.

    Raises:
        SyntaxError: the file is not Python.
    """
    tree, lines = ast.parse(text), lines_of(text)
    marks = marked_lines(tree, lines)
    named = [(name, node) for node in tree.body if (name := _name(node))]
    helpers = {name for name, node in named if start_of(node) - 2 in marks} - {*gone}
    owned = owned_in(tree, lines)
    gone = {*gone, *(n.name for n in tree.body if isinstance(n, Definition) and owned.get(n.lineno) in gone)}
    unused = _needed(tree, (), helpers) - _needed(tree, gone, helpers)
    gone = {*gone, *(helpers & unused)}
    cuts = [cut for node in tree.body if (cut := _cut(node, lines, gone, unused))]
    for cut in reversed(cuts):
        start, end = (cut.start, cut.end) if cut.instead else with_blanks(lines, cut.start, cut.end)
        lines[start:end] = [cut.instead + newline_of(text)] if cut.instead else []
    return "".join(lines)


def _needed(tree: ast.Module, gone: Collection[str], helpers: Collection[str]) -> frozenset[str]:
    """Return the names that the definitions which stay read, and those that constants and helpers need in turn."""
    used: set[str] = set()
    for node in tree.body:
        if isinstance(node, Definition) and node.name not in {*gone, *helpers}:
            used |= names_used(node)
    size = -1
    while size != len(used):
        size = len(used)
        for node in tree.body:
            if _name(node) in used.intersection(helpers):
                used |= free_names(ast.unparse(node))
            elif _constant(node) in used:
                used |= names_used(node)
    return frozenset(used)


def _cut(node: ast.stmt, lines: list[str], gone: Collection[str], unused: Collection[str]) -> _Cut | None:
    end = node.end_lineno or 0
    if (isinstance(node, Definition) and node.name in gone) or _constant(node) in unused:
        start = start_of(node) - 1
        return _Cut(start - 1 if start and _is_own_line(lines[start - 1]) else start, end)
    if isinstance(node, ast.Import | ast.ImportFrom):
        kept = [alias for alias in node.names if _bound(alias) not in unused]
        if len(kept) == len(node.names):
            return None
        return _Cut(node.lineno - 1, end, "".join(_reduced(node, kept)))
    return None


def _is_own_line(line: str) -> bool:
    return is_stamp(line) or is_mark(line) or is_scaffold_mark(line)


def _reduced(node: ast.Import | ast.ImportFrom, kept: list[ast.alias]) -> Iterator[str]:
    if kept and isinstance(node, ast.Import):
        yield ast.unparse(ast.Import(names=kept))
    elif kept and isinstance(node, ast.ImportFrom):
        yield ast.unparse(ast.ImportFrom(module=node.module, names=kept, level=node.level))


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _name(node: ast.stmt) -> str | None:
    return node.name if isinstance(node, Definition) else _constant(node)


def _constant(node: ast.stmt) -> str | None:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None
