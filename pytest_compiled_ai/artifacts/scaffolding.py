"""Scaffolds in an artifact: definitions around a spec's body, each below a mark that names the spec."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from pytest_compiled_ai.artifacts.helpers import is_mark

_MARK = re.compile(r"^# scaffold of (?P<owner>\w+)$")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def owned_in(tree: ast.Module, lines: list[str]) -> Mapping[int, str]:
    """Return the lines of the definitions that belong to a scaffold, from 1, each with the name of its spec.

    A mark that names nothing in the file is none.
    """
    nodes = [node for node in tree.body if isinstance(node, _DEFINITIONS)]
    above = {node.lineno: lines[at - 1] for node in nodes if (at := _start(node) - 1)}
    owners = {node.lineno: _owner(above[node.lineno]) for node in nodes if node.lineno in above}
    bodies = {n.name for n in nodes if not owners.get(n.lineno) and not is_mark(above.get(n.lineno, ""))}
    return {line: owner for line, owner in owners.items() if owner in bodies}


def read_scaffolds(tree: ast.Module, lines: list[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the texts of the scaffolds by the name of their specs."""
    owned = owned_in(tree, lines)
    found: dict[str, tuple[str, ...]] = {}
    for node in tree.body:
        if isinstance(node, _DEFINITIONS) and (owner := owned.get(node.lineno)):
            text = "\n".join(lines[_start(node) - 1 : node.end_lineno]) + "\n"
            found[owner] = (*found.get(owner, ()), text)
    return found


def is_scaffold_mark(line: str) -> bool:
    """Say whether a line is a scaffold's mark and nothing else."""
    return bool(_owner(line))


def scaffold_marks(tree: ast.Module, lines: list[str]) -> frozenset[int]:
    """Return the lines of the marks that stand above a scaffold's definitions, from 0."""
    owned = owned_in(tree, lines)
    return frozenset(_start(n) - 2 for n in tree.body if isinstance(n, _DEFINITIONS) and n.lineno in owned)


def render_scaffold_of(name: str, definitions: tuple[str, ...]) -> str:
    """Return the scaffold of a spec as it stands below its section, two blank lines before each definition."""
    return "".join(f"\n\n# scaffold of {name}\n{text.rstrip()}\n" for text in definitions)


def _owner(line: str) -> str:
    found = _MARK.match(line.strip())
    return found["owner"] if found else ""


def _start(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
