"""What one state of a project holds of one spec: its artifact, its section there, and the record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_compiled_ai.artifacts.module import ArtifactModule, Section, parse_module
from pytest_compiled_ai.artifacts.provenance import record_path
from pytest_compiled_ai.compiler.project import UNREADABLE
from pytest_compiled_ai.reports.segments import cut_body
from pytest_compiled_ai.reports.trees import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A body as it stands in a tree; nothing of it where there is none."""

    artifact: ArtifactModule | None = None
    section: Section | None = None
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> str:
        """The text of the body, with what it uses."""
        return cut_body(self.artifact, self.section)

    @property
    def inputs(self) -> Mapping[str, str] | None:
        """The inputs that the body was made for, None where no record tells."""
        known, section = self.record.get("inputs"), self.section
        is_its = section is not None and self.record.get("digest") == section.digest
        return known if is_its and isinstance(known, dict) else None


def read_compiled(tree: Tree, artifact: str, name: str) -> Compiled:
    """Return what a tree holds of the body of one stub; what is damaged there counts as absent."""
    module = read_module(tree, artifact)
    if module is None:
        return Compiled()
    return Compiled(artifact=module, section=module.section(name), record=_read_record(tree, artifact, name))


def read_module(tree: Tree, artifact: str) -> ArtifactModule | None:
    """Return an artifact, None where it is no Python."""
    try:
        return parse_module(tree.read(artifact) or "", artifact)
    except UNREADABLE:
        return None


def _read_record(tree: Tree, artifact: str, name: str) -> dict[str, Any]:
    try:
        record = json.loads(tree.read(record_path(Path(artifact)).as_posix()) or "{}")["specs"][name]
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}
