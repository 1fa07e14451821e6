"""What pytest puts around the tests of a file: the fixtures they can ask for, and what runs unasked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pytest_compiled_ai.specs.definitions import EFFECTS, Definition, Module, named_node
from pytest_compiled_ai.specs.fixtures import fixture_decorator, fixture_name, is_autouse
from pytest_compiled_ai.specs.sources import Sources
from pytest_compiled_ai.specs.syntax import Function

_OF_ONE_FILE = frozenset(
    {
        "pytestmark",
        "setup_module",
        "teardown_module",
        "setup_function",
        "teardown_function",
        "setUpModule",
        "tearDownModule",
    }
)


class Surroundings(NamedTuple):
    """`fixtures` maps a name to its definitions, nearest first; `always` is what every test of the file depends on."""

    fixtures: dict[str, tuple[Definition, ...]]
    always: tuple[Definition, ...]

    def fixture(self, name: str, asker: Definition) -> Definition | None:
        """Return the fixture that `asker` gets by a name: one that overrides its namesake gets the overridden one."""
        found = self.fixtures.get(name, ())
        start = found.index(asker) + 1 if asker in found else 0
        return next(iter(found[start:]), None)


def surroundings_of(module: Module, sources: Sources) -> Surroundings:
    """Return what surrounds the tests of one file: the file, its conftests up to the root, and their `pytest_plugins`.

    Raises:
        SpecLineError: one of these files cannot be parsed.
    """
    fixtures: dict[str, list[Definition]] = {}
    always = [item for name, item in module.definitions.items() if name in _OF_ONE_FILE]
    for layer in dict.fromkeys(_layers(module, sources)):
        for bound, item in (*layer.definitions.items(), *imported_definitions(layer, sources)):
            node = named_node(item.nodes, item.name)
            if item.kind == "fixture" and isinstance(node, Function):
                decorator = fixture_decorator(node, item.module.bindings)
                assert decorator is not None
                named = bound if bound != item.name else fixture_name(node, decorator)
                fixtures.setdefault(named, []).append(item)
                always += [item] if is_autouse(decorator) else []
            elif item.kind == "hook" or (bound == EFFECTS and item.module is layer):
                always.append(item)
    unique = {name: tuple(dict.fromkeys(items)) for name, items in fixtures.items()}
    return Surroundings(fixtures=unique, always=tuple(dict.fromkeys(always)))


def _layers(module: Module, sources: Sources) -> Iterator[Module]:
    conftests = [folder / "conftest.py" for folder in _folders(module.path, sources.root)]
    for layer in (module, *(sources.file(path) for path in conftests if path.is_file())):
        yield layer
        yield from _plugins(layer, sources, frozenset())


def _folders(path: Path, root: Path) -> Iterator[Path]:
    return (folder for folder in path.parents if folder.is_relative_to(root))


def _plugins(layer: Module, sources: Sources, seen: frozenset[str]) -> Iterator[Module]:
    """Yield the project's modules that a file loads as plugins."""
    listed = layer.definitions.get("pytest_plugins")
    for node in (node for item in (listed.nodes if listed else ()) for node in ast.walk(item)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in seen:
            place = sources.find(node.value)
            if place and place.module:
                yield place.module
                yield from _plugins(place.module, sources, seen | {node.value})


def imported_definitions(module: Module, sources: Sources) -> Iterator[tuple[str, Definition]]:
    """Yield the project's definitions that a file imports one by one or with a star, under their names in the file."""
    for binding in (item for bindings in module.bindings.values() for item in bindings if item.name):
        for found in sources.follow(binding, (), module):
            if binding.name in {found.name, "*"}:
                yield found.name if binding.name == "*" else binding.bound, found
