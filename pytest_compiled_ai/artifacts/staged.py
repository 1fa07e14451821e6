"""Bodies that passed every gate and wait for a person: one file each in the project's scratch folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pytest_compiled_ai.artifacts.lock import STATE_FOLDER, state_folder
from pytest_compiled_ai.artifacts.module import ArtifactModule, Section, parse_module
from pytest_compiled_ai.artifacts.plan import write_atomically

VERSION = 1
_FOLDER = "staged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """One body. `artifact` is the text of an artifact with no other; `replaces` hashes what stands in its place."""

    spec: str
    replaces: str
    artifact: str
    record: Mapping[str, Any]

    @property
    def module(self) -> ArtifactModule:
        """Return the artifact with this body alone."""
        return parse_module(self.artifact, self.spec.partition("::")[0])

    @property
    def section(self) -> Section:
        """Return the body with its stamp."""
        (section,) = self.module.sections
        return section


def read_staged(root: Path, spec: str) -> Staged | None:
    """Return what is staged for a spec, None where nothing is, or what is there cannot be read."""
    staged = _read(_folder(root) / _name(spec))
    return staged if staged and staged.spec == spec else None


def find_staged(root: Path) -> tuple[list[Staged], list[Path]]:
    """Return all that is staged, and the files among it that cannot be read."""
    files = sorted(_folder(root).glob("*.json"))
    read = {path: _read(path) for path in files}
    return [staged for staged in read.values() if staged], [path for path, staged in read.items() if not staged]


def write_staged(root: Path, staged: Staged) -> None:
    """Keep a body in the place of what was staged for its spec before.

    Raises:
        ConfigError: the project's scratch folder cannot be written.
    """
    text = json.dumps({"version": VERSION, **asdict(staged)}, indent=2, ensure_ascii=False) + "\n"
    write_atomically(state_folder(root) / _FOLDER / _name(staged.spec), text)


def drop_staged(root: Path, spec: str) -> None:
    """Forget what is staged for a spec, if anything is."""
    (_folder(root) / _name(spec)).unlink(missing_ok=True)


def _read(path: Path) -> Staged | None:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if loaded.pop("version") != VERSION:
            return None
        staged = Staged(**loaded)
        return staged if _is_whole(staged) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError):
        return None


def _is_whole(staged: Staged) -> bool:
    is_typed = isinstance(staged.spec, str) and isinstance(staged.replaces, str) and isinstance(staged.record, dict)
    return is_typed and staged.section.name == staged.spec.partition("::")[2]


def _folder(root: Path) -> Path:
    return root / STATE_FOLDER / _FOLDER


def _name(spec: str) -> str:
    return spec.replace("/", ".").replace("::", ".") + ".json"
