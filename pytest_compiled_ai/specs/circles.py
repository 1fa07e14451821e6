"""Circular imports between an artifact and the project: found before the first prompt, and explained."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_compiled_ai.specs.definitions import Module
from pytest_compiled_ai.specs.imports import Binding, absolute_module
from pytest_compiled_ai.specs.model import SpecFile
from pytest_compiled_ai.specs.sources import Sources


def find_circle(file: SpecFile, imported: Iterable[str], sources: Sources) -> tuple[str, ...] | None:
    """Return the module names on a way from an artifact's imports back to the artifact, None where there is no way.

    Args:
        file: the spec file whose artifact it is.
        imported: the modules that the artifact imports.
        sources: the project's files.

    Raises:
        SpecLineError: a project file on the way cannot be parsed.
    """
    ways: list[tuple[str, ...]] = [(name,) for name in imported]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        place = sources.find(way[-1])
        if place is None or place.module is None or way[-1] in seen:
            continue
        seen.add(way[-1])
        if place.module.path == file.path:
            return way
        if place.module.path not in {spec.path for spec in sources.specs}:
            ways += [(*way, name) for name in _imported_by(place.module, way[-1])]
    return None


def _imported_by(module: Module, name: str) -> Iterable[str]:
    inside = f"{name}.__init__" if module.is_package else name
    for bindings in module.bindings.values():
        for binding in bindings:
            yield from _names(binding, inside)


def _names(binding: Binding, inside: str) -> Iterable[str]:
    base = absolute_module(binding, inside)
    if base is not None:
        yield base
        if binding.name:
            yield f"{base}.{binding.name}"
