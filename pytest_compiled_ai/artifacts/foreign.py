"""What stands in an artifact and was put there by no compile: it would run in production, and no gate has seen it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from pytest_compiled_ai.artifacts.helpers import is_helper
from pytest_compiled_ai.artifacts.module import Definition, names_in, names_shared, parse_module, parse_shared
from pytest_compiled_ai.artifacts.scaffolding import owned_in


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
    tree, module = parse_shared(text), parse_module(text, "")
    helpers = {name: copied for name, copied in module.constants.items() if is_helper(copied)}
    parts: list[ast.AST] = [n for n in tree.body if isinstance(n, Definition) and n.name not in helpers]
    constants = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    constants = [node for node in constants if ast.unparse(_target(node)) not in helpers]
    parts += [node.value for node in constants if node.value]
    parts += [node.annotation for node in constants if isinstance(node, ast.AnnAssign)]
    used = _with_helpers({name for part in parts for name in names_shared(part)}, helpers) - frozenset(specs)
    found = [Foreign(node.lineno, what) for node in tree.body for what in _describe(node, used)]
    found += [unused for node in tree.body for unused in _unused_imports(node, used)]
    found += [Foreign(line, f"{name}, which no body uses") for line, name in _idle(tree, helpers.keys() - used)]
    stamped = {section.name for section in module.sections if section.digest}
    owned = owned_in(tree, text.split("\n"))
    around = {line for line, owner in owned.items() if owner in specs or owner in stamped}
    return sorted([*found, *_strangers(tree, {*specs, *helpers}, stamped, around)])


def _target(node: ast.Assign | ast.AnnAssign) -> ast.expr:
    return node.targets[0] if isinstance(node, ast.Assign) else node.target


def _with_helpers(names: set[str], helpers: Mapping[str, str]) -> frozenset[str]:
    """Return the names with those that the helpers among them need in turn."""
    size = -1
    while size != len(names):
        size = len(names)
        names = names.union(*(names_in(text) for name, text in helpers.items() if name in names))
    return frozenset(names)


def _idle(tree: ast.Module, names: Collection[str]) -> Iterator[tuple[int, str]]:
    return ((node.lineno, node.name) for node in tree.body if isinstance(node, Definition) and node.name in names)


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


def _strangers(
    tree: ast.Module, specs: Collection[str], stamped: Collection[str], around: Collection[int]
) -> Iterator[Foreign]:
    seen: set[str] = set()
    for node in tree.body:
        if isinstance(node, Definition):
            if node.name in seen:
                # The last one of a name is what runs; the first one is what its stamp stands above.
                yield Foreign(node.lineno, f"{node.name}, a second time")
            elif node.name not in specs and node.lineno not in around:
                is_orphan = node.name in stamped
                yield Foreign(node.lineno, f"{node.name}, which no spec asks for", is_kept=True, is_orphan=is_orphan)
            seen.add(node.name)
