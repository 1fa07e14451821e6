"""The helpers that one spec's body is offered, from what its template, its file and its artifact say."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from pytest_compiled_ai.artifacts.helpers import is_helper
from pytest_compiled_ai.artifacts.module import (
    ArtifactModule,
    Section,
    names_needed,
    names_used,
    read_imports,
    with_constants,
)
from pytest_compiled_ai.compiler.workshop import declared_names
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.specs.scopes import bound_names
from pytest_compiled_ai.templates.catalogue import template_of
from pytest_compiled_ai.templates.modules.catalogue import Helper, read_catalogue
from pytest_compiled_ai.templates.modules.offer import Meaning, offer_helpers


def find_helpers(config: Config, file: SpecFile, stub: Stub, artifact: ArtifactModule | None) -> tuple[Helper, ...]:
    """Return the helpers that the template of a stub offers, as far as its artifact can hold them.

    Args:
        config: the project's.
        file: the spec file.
        stub: a stub of it.
        artifact: what the file has been compiled to so far.

    Raises:
        SpecError: there is no such template.
    """
    modules = template_of(stub).modules
    bound = {**(_bound_by_others(artifact, stub) if artifact else {}), **_bound_by_spec(file)}
    return offer_helpers(modules, bound, lambda: declared_names(config))


def find_other_helper(artifact: ArtifactModule, section: Section, helpers: Iterable[Helper] = ()) -> str:
    """Return what of the helpers that a body uses is not as `helpers`, or this version, have it; "" where all is."""
    known = {**read_catalogue(), **{helper.name: helper for helper in helpers}}
    copied = artifact.constants
    used = {name for name in names_used(section.code) & copied.keys() if is_helper(copied[name])}
    needed = with_constants(frozenset(used), copied) & copied.keys()
    return next((name for name in sorted(needed) if not _is_ours(known.get(name), copied[name])), "")


def _is_ours(ours: Helper | None, text: str) -> bool:
    return ours is not None and ast.dump(ast.parse(ours.text)) == ast.dump(ast.parse(text))


def _bound_by_spec(file: SpecFile) -> dict[str, Meaning]:
    """Return the names of the spec file; one that it imports may be imported for a helper just so."""
    bound: dict[str, Meaning] = dict.fromkeys(bound_names(*file.tree.body), "")
    imports = [node for node in file.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return bound | {item.bound: item for node in imports for item in read_imports(node)}


def _bound_by_others(artifact: ArtifactModule, stub: Stub) -> dict[str, Meaning]:
    """Return what other bodies need as it is."""
    others = [section for section in artifact.sections if section.name != stub.name]
    used = {name for other in others for name in names_needed(other.code, artifact.constants)}
    bound: dict[str, Meaning] = {section.name: "" for section in artifact.sections}
    bound |= {name: text for name, text in artifact.constants.items() if name in used}
    return bound | {item.bound: item for item in artifact.imports if item.bound in used}
