"""A project file as the definitions that its module-level names stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pytest_compiled_ai.specs.canonical import canonical
from pytest_compiled_ai.specs.fixtures import fixture_decorator
from pytest_compiled_ai.specs.imports import Binding, bindings_of, is_type_checking, plain_imports
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.scopes import Uses, bound_names, uses_of

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_T = TypeVar("_T")

EFFECTS = "<module>"
"""The name of the definition that holds a file's statements which concern no name of that file."""


class Definition:
    """What one name means: the statements that bind or change it. `kind` is for people who read a digest's parts."""

    def __init__(
        self, *, module: Module, name: str, kind: str, nodes: tuple[ast.AST, ...], stub: Stub | None = None
    ) -> None:
        self.module, self.name, self.kind, self.nodes, self.stub = module, name, kind, nodes, stub

    @property
    def key(self) -> str:
        """The place, as people write it: `tests/conftest.py::rates`."""
        return f"{self.module.relative}::{self.name}"

    @cached_property
    def uses(self) -> Uses:
        """The names that it takes from elsewhere."""
        return uses_of(*self.nodes)

    @cached_property
    def meaning(self) -> bytes:
        """Its canonical bytes."""
        return b"\n".join(canonical(node, self.module.taken) for node in self.nodes)


class Module:
    """One project file: `bindings` holds the names that only plain imports bind, `definitions` all others."""

    def __init__(self, *, path: Path, relative: str) -> None:
        self.path, self.relative = path, relative
        self.definitions: dict[str, Definition] = {}
        self.bindings: dict[str, tuple[Binding, ...]] = {}
        self.taken: frozenset[str] = frozenset()

    @property
    def is_package(self) -> bool:
        """Whether the file is a package's `__init__.py`."""
        return self.path.name == "__init__.py"


def split_module(path: Path, relative: str, tree: ast.Module, stubs: Iterable[Stub] = ()) -> Module:
    """Return a parsed file as its definitions.

    A block (`if`, `try`, `with`, ...) belongs to each name that it binds. A statement that calls something or sets an
    item belongs to each name of the file that it does so with, and to the file itself where it concerns none.
    """
    module = Module(path=path, relative=relative)
    plain = list(plain_imports(tree))
    imported = _grouped((binding.bound, binding) for node in plain for binding in bindings_of(node))
    owned = _owned(tree, plain)
    module.bindings = {name: tuple(bindings) for name, bindings in imported.items() if name not in owned}
    module.taken = frozenset(owned.keys() | imported.keys())
    known = {stub.name: stub for stub in stubs}
    for name, nodes in owned.items():
        kind = "spec" if name in known else _kind(name, nodes, module.bindings)
        module.definitions[name] = Definition(
            module=module, name=name, kind=kind, nodes=tuple(nodes), stub=known.get(name)
        )
    module.definitions |= {**_scaffolded(module, known.values()), **module.definitions}
    return module


def _scaffolded(module: Module, stubs: Iterable[Stub]) -> dict[str, Definition]:
    """Return what the templates of stubs define around them: who needs it needs the stub."""
    if not any(stub.options.template for stub in stubs):
        return {}
    from pytest_compiled_ai.templates.scaffold import scaffold_around

    found = ((name, stub) for stub in stubs for name in scaffold_around(stub).definitions)
    return {n: Definition(module=module, name=n, kind="spec", nodes=(stub.node,), stub=stub) for n, stub in found}


def named_node(nodes: Iterable[ast.AST], name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None:
    """Return the function or class of that name that the statements, or the blocks among them, define."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if not isinstance(node, _DEFINITIONS):
            stack.extend(ast.iter_child_nodes(node))
        elif node.name == name:
            return node
    return None


def _owned(tree: ast.Module, plain: list[ast.Import | ast.ImportFrom]) -> dict[str, list[ast.stmt]]:
    """Return the statements that belong to each name which something else than a plain import binds."""
    others = [node for node in tree.body if node not in plain and not is_type_checking(node) and not _is_idle(node)]
    bound = {id(node): bound_names(node) for node in others}
    names = frozenset().union(*bound.values())
    owners = [(name, node) for node in others for name in sorted(bound[id(node)] | _touched(node, names) or {EFFECTS})]
    owners += [(item.bound, node) for node in plain for item in bindings_of(node) if item.bound in names]
    return _grouped(owners)


def _touched(statement: ast.stmt, names: frozenset[str]) -> set[str]:
    if isinstance(statement, _DEFINITIONS):
        return set()
    touched: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            touched |= uses_of(node.value).names
        elif isinstance(node, ast.Expr):
            touched |= uses_of(node).names
    return touched & names


def _is_idle(statement: ast.stmt) -> bool:
    """Say whether a statement does nothing on import: a docstring, `pass`, or the guard of a script's main part."""
    if isinstance(statement, ast.If):
        return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test))
    is_constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_constant or isinstance(statement, ast.Pass)


def _kind(name: str, nodes: list[ast.stmt], bindings: dict[str, tuple[Binding, ...]]) -> str:
    node = named_node(nodes, name)
    if node is None:
        return "data"
    if isinstance(node, ast.ClassDef):
        return "type"
    if fixture_decorator(node, bindings) is not None:
        return "fixture"
    return "hook" if name.startswith("pytest_") else "test" if name.startswith("test") else "helper"


def _grouped(pairs: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    groups: dict[str, list[_T]] = {}
    for name, item in pairs:
        groups.setdefault(name, []).append(item)
    return groups
