"""What stands in an artifact and was put there by no compile: it would run in production, and no gate has seen it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from pytest_compiled_ai.artifacts.module import names_used, parse_module

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Foreign(NamedTuple):
    """One thing of no spec; a definition is kept by the next compile, anything else is not.

    `is_orphan` marks a body below a stamp: a compile wrote it, for a spec that is gone. `module` is what an import that
    no body uses is from.
    """

    line: int
    what: str
    is_kept: bool = False
    is_orphan: bool = False
    module: str = ""


def find_foreign(text: str, specs: Collection[str]) -> list[Foreign]:
    """Return what an artifact holds beside the bodies of `specs` and what these use.

    Raises:
        SyntaxError: the file is not Python any more.
    """
    tree = ast.parse(text)
    parts: list[ast.AST] = [node for node in tree.body if isinstance(node, _DEFINITIONS)]
    parts += [node.value for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and node.value]
    parts += [node.annotation for node in tree.body if isinstance(node, ast.AnnAssign)]
    used = frozenset(name for part in parts for name in names_used(part)) - frozenset(specs)
    found = [Foreign(node.lineno, what) for node in tree.body for what in _describe(node, used)]
    found += [unused for node in tree.body for unused in _unused_imports(node, used)]
    stamped = {section.name for section in parse_module(text, "").sections if section.digest}
    return sorted([*found, *_strangers(tree, specs, stamped)])


def _describe(node: ast.stmt, used: Collection[str]) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Import() | ast.ImportFrom():
            return
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            if name not in used:
                yield f"{name}, which no body uses"
        case _:
            yield "a statement that no compile writes"


def _unused_imports(node: ast.stmt, used: Collection[str]) -> Iterator[Foreign]:
    if not isinstance(node, ast.Import | ast.ImportFrom) or getattr(node, "module", "") == "__future__":
        return
    for alias in node.names:
        if (alias.asname or alias.name.partition(".")[0]) not in used:
            module = alias.name if isinstance(node, ast.Import) else node.module or ""
            yield Foreign(node.lineno, f"an import of {alias.name} that no body uses", module=module)


def _strangers(tree: ast.Module, specs: Collection[str], stamped: Collection[str]) -> Iterator[Foreign]:
    seen: set[str] = set()
    for node in tree.body:
        if isinstance(node, _DEFINITIONS):
            if node.name in seen:
                # The last one of a name is what runs; the first one is what its stamp stands above.
                yield Foreign(node.lineno, f"{node.name}, a second time")
            elif node.name not in specs:
                is_orphan = node.name in stamped
                yield Foreign(node.lineno, f"{node.name}, which no spec asks for", is_kept=True, is_orphan=is_orphan)
            seen.add(node.name)
