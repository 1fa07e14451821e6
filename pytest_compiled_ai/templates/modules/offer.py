"""Which helpers a body is offered: those of its template's modules that its artifact can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.templates.modules.catalogue import Helper, gather, libraries_of, read_catalogue

Meaning = Import | str
"""What a name stands for in an artifact: an import, or the text that is copied under it."""


def offer_helpers(
    modules: Iterable[str], bound: Mapping[str, Meaning], declared: Callable[[], frozenset[str]]
) -> tuple[Helper, ...]:
    """Return the helpers of some modules, each behind what it needs.

    Left out are those for which a name would have to stand for two things, or a library is missing.

    Args:
        modules: names of modules.
        bound: the names that the artifact has for something already, or must not have.
        declared: returns the import names of the project's dependencies; asked where a helper needs a library.
    """
    wanted = tuple(modules)
    found: dict[str, Helper] = {}
    for name in [each.name for module in wanted for each in read_catalogue().values() if each.module == module]:
        parts = gather(name)
        if parts[-1].is_offered and _fits(parts, bound) and _is_there(parts, declared):
            found |= {part.name: replace(part, is_offered=part.is_offered and part.module in wanted) for part in parts}
    return tuple(found.values())


def _fits(parts: Iterable[Helper], bound: Mapping[str, Meaning]) -> bool:
    return all(
        bound.get(part.name, part.text) == part.text
        and all(bound.get(item.bound, item) == item for item in part.imports)
        for part in parts
    )


def _is_there(parts: tuple[Helper, ...], declared: Callable[[], frozenset[str]]) -> bool:
    libraries = libraries_of(parts)
    return not libraries or libraries <= declared()
