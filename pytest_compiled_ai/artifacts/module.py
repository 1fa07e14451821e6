"""An artifact as text: imports, constants and one section for each compiled definition. Pure: text in, text out.

A section is what stands from the stamp line of a function or class to its end. It is carried over byte for byte when
another section of the same file changes.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

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
    """One compiled function or class: its text, from the first decorator on, and the stamp that vouches for it."""

    name: str
    text: str
    digest: str
    body_hash: str

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactModule:
    """A whole artifact. `constants` maps a name to its assignment; sections stand in file order."""

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
    used = {name for other in others for name in names_needed(other.node, module.constants)}
    kept = [item for item in module.imports if item.bound in used]
    taken = {item.bound: item for item in kept}
    needed = names_needed(section.node, constants)
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
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            names.add(node.value)
    return frozenset(names)


def names_needed(tree: ast.AST, constants: Mapping[str, str]) -> frozenset[str]:
    """Return every name that a piece of code reads, and those that the constants among them read in turn."""
    names, grown = names_used(tree), frozenset[str]()
    while names != grown:
        grown = names
        names |= {name for used in grown & constants.keys() for name in names_used(ast.parse(constants[used]))}
    return names


def render_module(module: ArtifactModule) -> str:
    """Return the text of an artifact: header, imports, constants, then the sections, two blank lines between them."""
    head = (
        f"# Compiled from {module.spec_path} by pytest-compiled-ai.\n"
        f"# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.\n"
    )
    blocks = [FUTURE] if module.future else []
    blocks += render_imports(module.imports)
    if module.constants:
        blocks.append("\n".join(module.constants.values()))
    top = head + ("\n" + "\n\n".join(blocks) + "\n" if blocks else "")
    return top + "".join(f"\n\n{section.stamp}\n{section.text.rstrip()}\n" for section in module.sections)


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
    # The lines of the syntax tree: `splitlines` would count a form feed, too.
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    tree, lines = ast.parse(text), text.split("\n")
    imports: list[Import] = []
    constants: dict[str, str] = {}
    sections: list[Section] = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports += read_imports(node)
        elif isinstance(node, Definition):
            sections.append(_read_section(node, lines))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            constants[ast.unparse(target)] = "\n".join(lines[node.lineno - 1 : node.end_lineno])
    future = any(item.module == "__future__" for item in imports)
    imports = [item for item in imports if item.module != "__future__"]
    return ArtifactModule(
        spec_path=spec_path, future=future, imports=tuple(imports), constants=constants, sections=tuple(sections)
    )


def read_imports(node: ast.Import | ast.ImportFrom) -> list[Import]:
    """Return the bindings that an absolute import statement makes."""
    if isinstance(node, ast.Import):
        return [Import(module=a.name, name=None, bound=a.asname or a.name.partition(".")[0]) for a in node.names]
    return [Import(module=node.module or "", name=a.name, bound=a.asname or a.name) for a in node.names]


def _read_section(node: Definition, lines: list[str]) -> Section:
    start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    stamp = STAMP.match(lines[start - 2].strip()) if start > 1 else None
    text = "\n".join(lines[start - 1 : node.end_lineno]) + "\n"
    digest, body = (stamp["digest"], stamp["body"]) if stamp else ("", "")
    return Section(name=node.name, text=text, digest=digest, body_hash=body)


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
