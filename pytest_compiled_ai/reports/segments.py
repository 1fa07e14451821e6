"""The text behind an input of a digest: the definition that its name stands for, in one state of a project."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from textwrap import dedent

from pytest_compiled_ai.artifacts.module import (
    ArtifactModule,
    Section,
    names_needed,
    render_constants,
    render_helpers,
    render_imports,
)
from pytest_compiled_ai.reports.changes import Edit
from pytest_compiled_ai.reports.trees import Tree

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def edit_inputs(stub: str, inputs: Iterable[str], before: Tree, now: Tree) -> Iterator[Edit]:
    """Yield the texts behind some inputs of a spec, where they differ: the stub first, then what its tests need."""
    places = dict.fromkeys(place_of(name, stub) for name in sorted(inputs, key=lambda name: " " in name))
    for place in places:
        path, _, name = place.partition("::")
        old, new = (cut_segment(tree.read(path) or "", name) for tree in (before, now))
        if old != new:
            yield Edit(title=place, old=old, new=new)


def place_of(name: str, stub: str) -> str:
    """Return where an input of a digest is: `test specs/a.py::test_x` at its id, `docstring` at the stub."""
    return name.partition(" ")[2] or stub


def cut_segment(source: str, name: str) -> str:
    """Return the text of a module-level name, or of `Class::method`; of no name all; empty where it is not defined."""
    if not name:
        return source
    tree = _parse(source)
    scopes, body = name.split("::"), tree.body if tree else []
    for scope in scopes[:-1]:
        body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == scope), [])
    lines = source.split("\n")
    found = [lines[_start(node) - 1 : node.end_lineno] for node in body if scopes[-1] in _bound(node)]
    return dedent("".join(f"{line}\n" for part in found for line in part))


def cut_body(artifact: ArtifactModule | None, section: Section | None) -> str:
    """Return what a body's hash stands for: imports, constants and helpers that it uses, and the function itself."""
    if artifact is None or section is None:
        return ""
    used = names_needed(section.node, artifact.constants)
    blocks = render_imports(item for item in artifact.imports if item.bound in used)
    constants = {name: text for name, text in artifact.constants.items() if name in used}
    assignments = render_constants(constants)
    return "\n\n".join([*blocks, *([assignments] if assignments else []), *render_helpers(constants), section.text])


def line_of(source: str, name: str) -> int:
    """Return the line of a definition, from 1; 1 where there is none."""
    tree = _parse(source)
    nodes = [node for node in tree.body if isinstance(node, _DEFINITIONS) and node.name == name] if tree else []
    return nodes[0].lineno if nodes else 1


@lru_cache(maxsize=64)
def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _start(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    return min([node.lineno, *(item.lineno for item in decorators)])


def _bound(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, _DEFINITIONS):
        return frozenset({node.name})
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return frozenset(each.id for each in targets if isinstance(each, ast.Name))
