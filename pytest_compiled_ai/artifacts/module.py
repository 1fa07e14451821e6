"""An artifact as text: imports, constants and one section for each compiled definition. Pure: text in, text out.

Among the constants are the helpers that bodies use: definitions that are copied in whole, as the assignments are. A
section is what stands from the stamp line of a function or class to its end. It is carried over byte for byte when
another section of the same file changes.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from pytest_compiled_ai.artifacts.helpers import free_names, is_definition, is_helper, is_mark, start_of
from pytest_compiled_ai.artifacts.scaffolding import owned_in, read_scaffolds, render_scaffold_of
from pytest_compiled_ai.specs.walking import nodes_in

FUTURE = "from __future__ import annotations"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Function = ast.FunctionDef | ast.AsyncFunctionDef
STAMP = re.compile(r"^# spec (?P<digest>v\d+:[0-9a-f]+) body (?P<body>[0-9a-f]+)$")
"""A section's stamp, alone on its line."""


class Import(NamedTuple):
    """One imported name: `import module as bound` where `name` is None, else `from module import name as bound`."""

    module: str
    name: str | None
    bound: str

    @property
    def line(self) -> str:
        """Return the statement that makes this binding, and no other."""
        if self.name is None:
            top = self.module.partition(".")[0]
            return f"import {self.module}" if self.bound == top else f"import {self.module} as {self.bound}"
        alias = "" if self.bound == self.name else f" as {self.bound}"
        return f"from {self.module} import {self.name}{alias}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One compiled function or class: its text, from the first decorator on, and the stamp that vouches for it.

    `scaffold` are the definitions around it that its template gives.
    """

    name: str
    text: str
    digest: str
    body_hash: str
    scaffold: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """Return the comment line above the definition."""
        return f"# spec {self.digest} body {self.body_hash}"

    @property
    def node(self) -> Definition:
        """Return the definition's syntax tree."""
        node = ast.parse(self.text).body[0]
        assert isinstance(node, Definition)
        return node

    @property
    def code(self) -> ast.Module:
        """Return the syntax trees of the definition and of its scaffold."""
        return ast.parse("\n".join([self.text, *self.scaffold]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactModule:
    """A whole artifact; sections stand in file order.

    `constants` maps a name to what is copied under it: a constant of the spec file, or a helper below its mark.
    """

    spec_path: str
    future: bool = False
    imports: tuple[Import, ...] = ()
    constants: Mapping[str, str]
    sections: tuple[Section, ...] = ()

    def section(self, name: str) -> Section | None:
        """Return the section of a stub, or None."""
        return next((section for section in self.sections if section.name == name), None)


def with_section(
    module: ArtifactModule, section: Section, imports: Iterable[Import], constants: Mapping[str, str], order: list[str]
) -> ArtifactModule:
    """Return the module with one section put in or replaced; `order` lists the stubs of the spec file.

    Imports and constants that no section uses any more are dropped. An import whose bound name already means something
    else in this file moves into the function itself, or into the methods that use it, so that no other section changes
    its meaning.
    """
    others = [other for other in module.sections if other.name != section.name]
    used = {name for other in others for name in names_needed(other.code, module.constants)}
    kept = [item for item in module.imports if item.bound in used]
    taken = {item.bound: item for item in kept}
    needed = names_needed(section.code, constants)
    wanted = [item for item in imports if item.bound in needed]
    local = [item for item in wanted if taken.setdefault(item.bound, item) != item]
    section = replace(section, text=_import_inside(section.text, local)) if local else section
    merged = {**{k: v for k, v in module.constants.items() if k in used}, **constants}
    sections = sorted([*others, section], key=lambda item: order.index(item.name) if item.name in order else len(order))
    return replace(
        module,
        imports=tuple(_in_order({*kept, *(item for item in wanted if item not in local)})),
        constants=merged,
        sections=tuple(sections),
    )


def _in_order(imports: Iterable[Import]) -> list[Import]:
    # A module and a name out of it may both be imported: None is less than no text.
    return sorted(imports, key=lambda item: (item.module, item.name or "", item.bound))


def names_used(tree: ast.AST) -> frozenset[str]:
    """Return every name that a piece of code reads, its string annotations' names included."""
    names: set[str] = set()
    for node in nodes_in(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            names.add(node.value)
    return frozenset(names)


@lru_cache(maxsize=64)
def names_shared(tree: ast.AST) -> frozenset[str]:
    """Return what `names_used` does, once for all who ask in a row about a tree that nobody changes."""
    return names_used(tree)


def names_needed(tree: ast.AST, constants: Mapping[str, str]) -> frozenset[str]:
    """Return every name that a piece of code reads, and those that the constants among them read in turn."""
    return with_constants(names_used(tree), constants)


def with_constants(names: frozenset[str], constants: Mapping[str, str]) -> frozenset[str]:
    """Return the names with those that the constants and helpers among them read in turn."""
    grown = frozenset[str]()
    while names != grown:
        grown = names
        names |= {name for used in grown & constants.keys() for name in names_in(constants[used])}
    return names


def names_in(text: str) -> frozenset[str]:
    """Return every name that a constant or a helper reads."""
    return free_names(text) if is_helper(text) else names_used(ast.parse(text))


def render_constants(constants: Mapping[str, str]) -> str:
    """Return the assignments of an artifact as one block."""
    return "\n".join(text for text in constants.values() if not is_definition(text))


def render_helpers(constants: Mapping[str, str]) -> list[str]:
    """Return the functions and classes among the helpers of an artifact, each as it stands there."""
    return [f"{text.rstrip()}\n" for text in constants.values() if is_definition(text)]


def render_module(module: ArtifactModule) -> str:
    """Return the text of an artifact: header, imports, constants, helpers, sections, two blank lines between these."""
    head = (
        f"# Compiled from {module.spec_path} by pytest-compiled-ai.\n"
        f"# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.\n"
    )
    blocks = [FUTURE] if module.future else []
    blocks += render_imports(module.imports)
    if assignments := render_constants(module.constants):
        blocks.append(assignments)
    top = head + ("\n" + "\n\n".join(blocks) + "\n" if blocks else "")
    top += "".join(f"\n\n{text}" for text in render_helpers(module.constants))
    return top + "".join(
        f"\n\n{section.stamp}\n{section.text.rstrip()}\n{render_scaffold_of(section.name, section.scaffold)}"
        for section in module.sections
    )


def render_imports(imports: Iterable[Import]) -> list[str]:
    """Return import blocks as a formatter would lay them out: the standard library first, names of a module merged."""
    standard: list[str] = []
    others: list[str] = []
    items = _in_order(set(imports))
    for item in (item for item in items if item.name is None):
        (standard if _is_standard(item) else others).append(item.line)
    for module in sorted({item.module for item in items if item.name is not None}):
        named = [item for item in items if item.module == module and item.name is not None]
        spelled = ", ".join(sorted(item.line.partition(" import ")[2] for item in named))
        (standard if _is_standard(named[0]) else others).append(f"from {module} import {spelled}")
    return ["\n".join(block) for block in (standard, others) if block]


def parse_module(text: str, spec_path: str) -> ArtifactModule:
    """Read an artifact back; a definition without a stamp gets an empty one, and so counts as edited.

    Raises:
        SyntaxError: the file is not Python any more.
    """
    read = _read_module(_unmarked(text))
    return replace(read, spec_path=spec_path, constants=dict(read.constants))


def section_nodes(text: str) -> Mapping[str, Definition]:
    """Return the definition of the first section of each name, as `parse_module` finds them; nobody changes these.

    Raises:
        SyntaxError: the text is not Python.
    """
    return _read_nodes(_unmarked(text))


def parse_shared(text: str) -> ast.Module:
    """Return the tree of a text, parsed once for all who ask in a row: nobody changes it.

    Raises:
        SyntaxError: it is not Python.
    """
    return _parse_lines(text)[0]


def _unmarked(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=4)
def _parse_lines(text: str) -> tuple[ast.Module, list[str]]:
    # The lines of the syntax tree: `splitlines` would count a form feed, too.
    return ast.parse(text), text.split("\n")


@lru_cache(maxsize=4)
def _read_nodes(text: str) -> Mapping[str, Definition]:
    tree, lines = _parse_lines(text)
    owned = owned_in(tree, lines)
    found: dict[str, Definition] = {}
    for node in tree.body:
        if isinstance(node, Definition) and node.lineno not in owned and not is_mark(_above(node, lines)):
            found.setdefault(node.name, node)
    return found


@lru_cache(maxsize=4)
def _read_module(text: str) -> ArtifactModule:
    tree, lines = _parse_lines(text)
    imports: list[Import] = []
    constants: dict[str, str] = {}
    sections: list[Section] = []
    owned, scaffolds = owned_in(tree, lines), read_scaffolds(tree, lines)
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports += read_imports(node)
        elif isinstance(node, Definition) and is_mark(_above(node, lines)):
            constants[node.name] = "\n".join(lines[start_of(node) - 2 : node.end_lineno])
        elif isinstance(node, Definition) and node.lineno not in owned:
            sections.append(replace(_read_section(node, lines), scaffold=scaffolds.get(node.name, ())))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            above = 2 if is_mark(_above(node, lines)) else 1
            constants[ast.unparse(target)] = "\n".join(lines[node.lineno - above : node.end_lineno])
    future = any(item.module == "__future__" for item in imports)
    imports = [item for item in imports if item.module != "__future__"]
    return ArtifactModule(
        spec_path="", future=future, imports=tuple(imports), constants=constants, sections=tuple(sections)
    )


def read_imports(node: ast.Import | ast.ImportFrom) -> list[Import]:
    """Return the bindings that an absolute import statement makes."""
    if isinstance(node, ast.Import):
        return [Import(module=a.name, name=None, bound=a.asname or a.name.partition(".")[0]) for a in node.names]
    return [Import(module=node.module or "", name=a.name, bound=a.asname or a.name) for a in node.names]


def _read_section(node: Definition, lines: list[str]) -> Section:
    stamp = STAMP.match(_above(node, lines))
    text = "\n".join(lines[start_of(node) - 1 : node.end_lineno]) + "\n"
    digest, body = (stamp["digest"], stamp["body"]) if stamp else ("", "")
    return Section(name=node.name, text=text, digest=digest, body_hash=body)


def _above(node: ast.stmt, lines: list[str]) -> str:
    return lines[start_of(node) - 2].strip() if start_of(node) > 1 else ""


def _import_inside(text: str, imports: Sequence[Import]) -> str:
    lines, node = text.removesuffix("\n").split("\n"), ast.parse(text).body[0]
    functions = (
        [item for item in node.body if isinstance(item, _Function)] if isinstance(node, ast.ClassDef) else [node]
    )
    for function in reversed(functions):
        assert isinstance(function, _Function)
        used = names_used(function)
        has_more = ast.get_docstring(function) is not None and len(function.body) > 1
        first = function.body[1] if has_more else function.body[0]
        indent = lines[function.lineno - 1][: function.col_offset] + "    "
        lines[first.lineno - 1 : first.lineno - 1] = [f"{indent}{item.line}" for item in imports if item.bound in used]
    return "\n".join(lines) + "\n"


def _is_standard(item: Import) -> bool:
    return item.module.partition(".")[0] in sys.stdlib_module_names
