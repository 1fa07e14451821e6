"""What can still be read of an artifact that is no Python any more: section by section, from both sides of a merge.

Nothing of it counts as approved: a section is taken for what its stamp says only where its hash agrees, and a compile
judges it again before it is written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from pytest_compiled_ai.artifacts.conflict import is_conflicted, sides_of
from pytest_compiled_ai.artifacts.exact import lines_of
from pytest_compiled_ai.artifacts.module import ArtifactModule, Section, parse_module
from pytest_compiled_ai.artifacts.stamping import is_stamp
from pytest_compiled_ai.compiler.project import UNREADABLE, hash_section
from pytest_compiled_ai.errors import SpecError


class Salvage(NamedTuple):
    """What was read; `is_merge` where conflict markers broke the file, `is_whole` where every body has a true stamp."""

    module: ArtifactModule
    is_merge: bool
    is_whole: bool


def salvage(text: str, spec_path: str, wanted: Iterable[str] = ()) -> Salvage:
    """Return what can be read of a text; where two sides differ, the body for a digest that is `wanted`, else ours."""
    sides = [_read_pieces(side, spec_path) for side in sides_of(text)]
    module = sides[0].module
    for side in sides[1:]:
        module = _merge(module, side.module, frozenset(wanted))
    # A body that no conflict touches may need an import that only the other side has.
    found = [(side.module, section) for side in sides for section in side.module.sections]
    others = [pair for pair in found if pair[1] not in module.sections]
    is_true = all(_is_true(*pair) for pair in (*((module, section) for section in module.sections), *others))
    return Salvage(
        module=module, is_merge=is_conflicted(text), is_whole=is_true and all(side.is_whole for side in sides)
    )


class _Side(NamedTuple):
    module: ArtifactModule
    is_whole: bool


def _read_pieces(text: str, spec_path: str) -> _Side:
    pieces = _split(text)
    kept = [piece for piece in pieces if _is_python(piece)]
    return _Side(parse_module("".join(kept), spec_path), kept == pieces)


def _split(text: str) -> list[str]:
    """Return the text cut above each stamp: first the header, then the sections."""
    pieces = [""]
    for line in lines_of(text):
        if is_stamp(line):
            pieces.append("")
        pieces[-1] += line
    return pieces


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except UNREADABLE:
        return False
    return True


def _merge(ours: ArtifactModule, theirs: ArtifactModule, wanted: frozenset[str]) -> ArtifactModule:
    sections = []
    for name in dict.fromkeys(section.name for section in (*ours.sections, *theirs.sections)):
        found = [section for side in (ours, theirs) if (section := side.section(name))]
        sections.append(max(found, key=lambda section: section.digest in wanted))
    return replace(
        ours,
        future=ours.future or theirs.future,
        imports=tuple(dict.fromkeys((*ours.imports, *theirs.imports))),
        constants={**theirs.constants, **ours.constants},
        sections=tuple(sections),
    )


def _is_true(module: ArtifactModule, section: Section) -> bool:
    try:
        return hash_section(module, section) == section.body_hash
    except SpecError:
        return False
