"""What a check found in order, by the bytes that it read: while they are the same, a plain run looks no further.

A compile keeps it in the user's cache folder, never in the project. It only speeds up the lines that a plain run says
of its specs: `compiled-ai check` reads everything, each time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_compiled_ai import __version__
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.specs.depends import find_data
from pytest_compiled_ai.specs.places import spec_paths

if TYPE_CHECKING:
    from pytest_compiled_ai.compiler.project import Project

FOLDER_VARIABLE = "COMPILED_AI_CHECKED"
_TICK = 20_000_000
"""Nanoseconds that a file system's clock may be behind."""


def remember(project: Project, since: int) -> None:
    """Keep what the specs of a project were read from, all of them being in order.

    Nothing is kept where a file has changed since the reading began, or where no file can be written.

    Args:
        project: its specs have been looked at.
        since: when the reading began, in nanoseconds (`time.time_ns`).
    """
    config = project.config
    found = _look(config, [_name(path, config) for path in project.looked_at()], project.globs())
    if any(_changed_at(config.root / name) > since - _TICK for name in found["seen"]):
        return
    from pytest_compiled_ai.artifacts.plan import write_atomically

    with suppress(OSError):
        path = _path_of(config)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(found))


def is_unchanged(config: Config) -> bool:
    """Return whether all is byte for byte as it was when every spec of the project was found in order."""
    try:
        kept = json.loads(_path_of(config).read_text(encoding="utf-8"))
        return bool(kept == _look(config, kept["seen"], kept["data"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _look(config: Config, names: Iterable[str], globs: Iterable[str]) -> dict[str, Any]:
    data = {glob: find_data(glob, config.root, config.generated_root) for glob in globs}
    found = {name for files in data.values() for name in files}
    return {
        "compiler": __version__,
        "settings": [list(config.specs), config.generated, str(config.import_root)],
        "specs": [_name(path, config) for path in spec_paths(config)],
        "data": {glob: list(files) for glob, files in data.items()},
        "seen": {name: _describe(config.root / name) for name in {*names, *found}},
    }


def _describe(path: Path) -> str:
    """Return the hash of a file's bytes, or whether a folder or nothing is there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "folder" if path.is_dir() else ""


def _changed_at(path: Path) -> int:
    try:
        return 0 if path.is_dir() else path.stat().st_ctime_ns
    except OSError:
        return 0


def _name(path: Path, config: Config) -> str:
    return path.relative_to(config.root).as_posix()


def _path_of(config: Config) -> Path:
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        folder = Path(named).expanduser().absolute()
    else:
        import platformdirs

        folder = platformdirs.user_cache_path("compiled-ai") / "checked"
    return folder / f"{hashlib.sha256(os.fsencode(config.root)).hexdigest()[:32]}.json"
