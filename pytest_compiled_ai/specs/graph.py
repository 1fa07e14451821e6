"""The closure rule: what a test, and so a spec, depends on."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.canonical import hash_of
from pytest_compiled_ai.specs.collection import tests_in
from pytest_compiled_ai.specs.definitions import Definition, Module, named_node
from pytest_compiled_ai.specs.doctests import Documented, examples_in
from pytest_compiled_ai.specs.fixtures import asked_by_name, asked_parameters
from pytest_compiled_ai.specs.imports import Binding
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.specs.sources import Sources
from pytest_compiled_ai.specs.stub import signature_of
from pytest_compiled_ai.specs.surroundings import Surroundings, imported_definitions, surroundings_of


class Edges(NamedTuple):
    """What one definition leads to: project definitions, fixtures by name, and `labels` (what its names mean)."""

    definitions: tuple[Definition, ...]
    fixtures: tuple[str, ...]
    labels: tuple[str, ...]


class Reach(NamedTuple):
    """All that something depends on: definitions of the project, itself included, and the ids of stubs."""

    definitions: frozenset[Definition]
    stubs: frozenset[str]


class Graph:
    """The project's definitions as a graph, each looked at once.

    The rule. A definition is a module-level function, class, assignment or block of a project file. It leads to:
    the definitions behind the names that its code reads, through imports and re-exports, and behind the attributes
    that it reads from imported modules (a module used as a value: all of it); base classes, decorators with their
    parametrize data, defaults and annotations are part of its code, but annotations in quotes are strings. A test
    or a fixture leads to the fixtures that it asks for, by parameter, `usefixtures` or `getfixturevalue`, nearest
    first. Every test of a file leads to its `pytestmark` and xunit set-up, to the autouse fixtures and `pytest_*`
    hooks of the file, of its conftests up to the root and of their `pytest_plugins`, and to their import-time
    statements that concern no name. A stub ends the way: of it, only the signature and the docstring count. What
    lies outside the project counts as the import that names it. Data files (but those that `depends` names), names made
    at run time, and environment variables do not count.
    """

    def __init__(self, config: Config, files: Iterable[SpecFile]) -> None:
        self.root = config.root
        self.files = {file.relative: file for file in files}
        self.sources = Sources(config, self.files.values())
        self._edges: dict[Definition, Edges] = {}
        self._hashes: dict[Definition, str] = {}
        self._surroundings: dict[Module, Surroundings] = {}
        self._made: dict[tuple[str, str], Definition] = {}
        self._tests: dict[Path, tuple[tuple[Definition, Reach], ...]] = {}

    def reach(self, root: Definition, around: Module | None) -> Reach:
        """Return what `root` depends on; where it is a test, `around` is the file that pytest collects it from.

        Raises:
            SpecLineError: a project file on the way cannot be parsed.
        """
        surroundings = self._around(around) if around else None
        pending = [root, *(surroundings.always if surroundings else ())]
        seen: set[Definition] = set()
        while pending:
            item = pending.pop()
            if item in seen:
                continue
            seen.add(item)
            if item.stub is None:
                edges = self.edges(item)
                pending += edges.definitions
                asked = (surroundings.fixture(name, item) for name in edges.fixtures) if surroundings else ()
                pending += [fixture for fixture in asked if fixture]
        stubs = frozenset(item.stub.id for item in seen if item.stub)
        return Reach(definitions=frozenset(item for item in seen if not item.stub), stubs=stubs)

    def edges(self, item: Definition) -> Edges:
        """Return where one definition leads."""
        if item not in self._edges:
            found: dict[Definition, None] = {}
            labels: set[str] = set()
            for name, label, targets in self._links(item):
                if label:
                    labels |= {f"{name}>{target.key}" for target in targets} or {label}
                found.update(dict.fromkeys(targets))
            asked = [*_asked(item), *asked_by_name(item.uses.calls)]
            self._edges[item] = Edges(
                definitions=tuple(found), fixtures=tuple(dict.fromkeys(asked)), labels=tuple(sorted(labels))
            )
        return self._edges[item]

    def hash_of(self, item: Definition) -> str:
        """Return the hash of a definition's own code and of what its imported names mean."""
        if item not in self._hashes:
            labels = "\n".join(self.edges(item).labels)
            self._hashes[item] = hash_of(b"\n".join([item.meaning, ascii(labels).encode()]))
        return self._hashes[item]

    def module_of(self, path: Path) -> Module:
        """Return a project file as its definitions."""
        return self.sources.file(path)

    def signature(self, stub: Stub, module: Module) -> Definition:
        """Return a stub's signature as something that can be reached from."""
        return self._make("signature", stub.name, module, lambda: (signature_of(stub),))

    def examples(self, docstring: Documented, module: Module) -> Definition:
        """Return a docstring's examples as something that can be reached from."""
        return self._make("doctest", docstring.name, module, lambda: examples_in(docstring.text))

    def tests(self, path: Path) -> tuple[tuple[Definition, Reach], ...]:
        """Return the tests of one file, in source order, with what each depends on."""
        if path not in self._tests:
            module = self.module_of(path)
            found = tests_in(module, imported_definitions(module, self.sources), self._bases)
            self._tests[path] = tuple((test, self.reach(test, module)) for test in found)
        return self._tests[path]

    def _make(self, kind: str, name: str, module: Module, nodes: Callable[[], tuple[ast.AST, ...]]) -> Definition:
        key = (kind, f"{module.relative}::{name}")
        if key not in self._made:
            self._made[key] = Definition(module=module, name=name, kind=kind, nodes=nodes())
        return self._made[key]

    def _bases(self, node: ast.ClassDef, module: Module) -> Iterator[tuple[ast.ClassDef, Module]]:
        """Yield the base classes of a class, with the modules they stand in, as far as they are the project's."""
        for base in node.bases:
            item = Definition(module=module, name=node.name, kind="type", nodes=(base,))
            for target in self.edges(item).definitions:
                found = named_node(target.nodes, target.name)
                if isinstance(found, ast.ClassDef):
                    yield found, target.module

    def _around(self, module: Module) -> Surroundings:
        if module not in self._surroundings:
            self._surroundings[module] = surroundings_of(module, self.sources)
        return self._surroundings[module]

    def _links(self, item: Definition) -> Iterator[tuple[str, str, tuple[Definition, ...]]]:
        """Yield each name that an item reads, its label if an import binds it, and the definitions behind it."""
        for chain in sorted(item.uses.chains):
            head, *rest = chain.split(".")
            local = tuple(binding for binding in item.uses.bindings if binding.bound == head)
            for binding in local or item.module.bindings.get(head, ()):
                yield head, binding.label, self._follow(binding, tuple(rest), item)
            if not local and head not in item.module.bindings:
                yield from self._unimported(head, tuple(rest), item)
        read = item.uses.names
        for binding in item.uses.bindings:
            if binding.bound not in read:
                yield binding.bound, binding.label, self._follow(binding, (), item)

    def _unimported(
        self, head: str, rest: tuple[str, ...], item: Definition
    ) -> Iterator[tuple[str, str, tuple[Definition, ...]]]:
        own = item.module.definitions.get(head)
        if own is not None:
            yield head, "", () if head == item.name.partition("::")[0] else (own,)
        elif head not in BUILTIN_NAMES:
            for star in item.module.bindings.get("*", ()):
                yield head, f"{head}?{star.label}", self._follow(star, (head, *rest), item)

    def _follow(self, binding: Binding, attributes: tuple[str, ...], item: Definition) -> tuple[Definition, ...]:
        return self.sources.follow(binding, attributes, item.module)


def _asked(item: Definition) -> Iterator[str]:
    if item.kind in {"test", "fixture", "type"}:
        for node in item.nodes:
            asker = node if isinstance(node, ast.ClassDef) else named_node([node], item.name)
            yield from asked_parameters(asker, item.module.bindings) if asker else ()
