"""The helpers of all modules, read from their source: none is imported, since a library of theirs may be missing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pytest_compiled_ai.artifacts.module import Definition, Import, read_imports
from pytest_compiled_ai.specs.headers import first_line
from pytest_compiled_ai.specs.scopes import uses_of

MODULES = (
    "database", "dates", "enums", "http", "layout", "money", "notification", "numbers", "quantities", "spans"
)  # fmt: skip
"""The names of all modules."""
_PACKAGE = "pytest_compiled_ai.templates.modules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """One function, class or constant of a module, as an artifact copies it.

    `text` is its source below its mark. `imports` are the imports that it reads, and `needs` the names
    of other helpers. A body may call one that `is_offered`; the others are there for those.
    """

    name: str
    module: str
    text: str
    imports: tuple[Import, ...]
    needs: tuple[str, ...]
    is_offered: bool

    @property
    def node(self) -> ast.stmt:
        """Return its syntax tree."""
        return ast.parse(self.text).body[0]


@cache
def read_catalogue() -> Mapping[str, Helper]:
    """Return all helpers by name; no two modules share one."""
    sources = {module: (Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8") for module in MODULES}
    found = [helper for module, source in sources.items() for helper in read_module(module, source)]
    return MappingProxyType({helper.name: helper for helper in found})


def read_module(module: str, source: str) -> Iterator[Helper]:
    """Yield the helpers of a module's source in order; its `__all__` names those that it offers."""
    tree, lines = ast.parse(source), source.split("\n")
    imported = {item.bound: item for node in tree.body for item in _imports_of(node)}
    nodes = {name: node for node in tree.body if (name := _name_of(node))}
    offered = frozenset(_names_in(nodes.pop("__all__")))
    ours = {name for name, item in imported.items() if item.module.startswith(_PACKAGE)}
    for name, node in nodes.items():
        text = _text_of(node, module, lines)
        used = sorted(uses_of(ast.parse(text)).names - {name})
        yield Helper(
            name=name,
            module=module,
            text=text,
            imports=tuple(imported[each] for each in used if each in imported and each not in ours),
            needs=tuple(each for each in used if each in nodes or each in ours),
            is_offered=name in offered,
        )


def gather(name: str) -> tuple[Helper, ...]:
    """Return a helper behind all that it needs in turn."""
    found: dict[str, Helper] = {}
    _gather(name, found, set())
    return tuple(found.values())


def libraries_of(helpers: Iterable[Helper]) -> frozenset[str]:
    """Return the import names of the libraries that helpers need beside the standard library."""
    tops = {item.module.partition(".")[0] for helper in helpers for item in helper.imports}
    return frozenset(tops - sys.stdlib_module_names)


def _gather(name: str, found: dict[str, Helper], begun: set[str]) -> None:
    if name not in begun:
        begun.add(name)
        helper = read_catalogue()[name]
        for need in helper.needs:
            _gather(need, found, begun)
        found[name] = helper


def _imports_of(node: ast.stmt) -> list[Import]:
    return read_imports(node) if isinstance(node, ast.Import | ast.ImportFrom) else []


def _name_of(node: ast.stmt) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def _names_in(node: ast.stmt) -> Iterator[str]:
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _text_of(node: ast.stmt, module: str, lines: list[str]) -> str:
    start = first_line(node) if isinstance(node, Definition) else node.lineno
    return "\n".join([f"# helper {module}", *lines[start - 1 : node.end_lineno]])
