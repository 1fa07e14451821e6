"""The embedded models' files: where they lie, and whether a file is what it should be."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers.catalogue import CATALOGUE, DEFAULT, Entry, find_entry
from pytest_compiled_ai.providers.progress import Progress, Silent

FOLDER_VARIABLE = "COMPILED_AI_MODELS"
CHUNK = 1 << 20

FileState = Literal["verified", "unverified", "absent", "partial", "damaged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What lies in the folder for one model: `size` bytes at `path` (of the unfinished file, for `partial`)."""

    path: Path
    size: int
    state: FileState


def models_folder() -> Path:
    """Return the folder that holds the model files."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).expanduser().absolute() if named else platformdirs.user_cache_path("compiled-ai") / "models"


def status(entry: Entry) -> Status:
    """Return what is there for a model, without reading more than the files' sizes and dates."""
    path = models_folder() / entry.file
    partial = partial_path(path)
    if not path.is_file():
        size = partial.stat().st_size if partial.is_file() else 0
        return Status(path=path, size=size, state="partial" if partial.is_file() else "absent")
    size = path.stat().st_size
    checksum = _remembered(path)
    if size != entry.size or checksum not in {None, entry.sha256}:
        return Status(path=path, size=size, state="damaged")
    return Status(path=path, size=size, state="verified" if checksum else "unverified")


def verify(path: Path, entry: Entry, progress: Progress | None = None) -> None:
    """Check the whole file against its checksum, and remember the result beside it.

    Raises:
        ModelFileError: the file cannot be read, or is not the model.
    """
    try:
        checksum = compute_checksum(path, progress or Silent())
    except OSError as error:
        raise ModelFileError(f"{path}: the model cannot be read: {error.strerror}.") from None
    remember_checksum(path, checksum)
    if checksum != entry.sha256:
        raise ModelFileError(
            f"{path}: this is not {entry.name}: its SHA-256 is {checksum}, expected {entry.sha256}. "
            f"{_advice(entry)} fetches it again."
        )


def compute_checksum(path: Path, progress: Progress) -> str:
    """Return a file's SHA-256, read in pieces."""
    digest = hashlib.sha256()
    progress.start(path.stat().st_size, f"checking {path.name}")
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            progress.advance(len(chunk))
    return digest.hexdigest()


def remember_checksum(path: Path, checksum: str) -> None:
    """Note beside a file what its checksum is, so that an unchanged file is not read again."""
    # A folder that may only be read costs a check each time, and nothing else.
    with suppress(OSError):
        _marker(path).write_text(json.dumps(_stamp(path, checksum)), encoding="utf-8")


def find_model(name: str | None) -> tuple[Entry, Path]:
    """Return the named model and its checked file; for None the default model, or else any that is there.

    Raises:
        ConfigError: the catalogue has no such model.
        ModelFileError: the file is absent, unfinished or damaged.
    """
    wanted = CATALOGUE if name is None else (find_entry(name),)
    for entry in wanted:
        found = status(entry)
        if found.state == "unverified":
            verify(found.path, entry)
        if found.state in {"verified", "unverified"}:
            return entry, found.path
    found = status(wanted[0])
    raise ModelFileError(
        f"the embedded model {wanted[0].name} is {found.state} ({found.path}); run {_advice(wanted[0])}."
    )


def partial_path(path: Path) -> Path:
    """Return where a model's file grows before it is whole."""
    return path.with_name(f"{path.name}.partial")


def _advice(entry: Entry) -> str:
    return "`compiled-ai model prepare`" if entry is DEFAULT else f"`compiled-ai model prepare {entry.name}`"


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}.checked.json")


def _stamp(path: Path, checksum: object) -> dict[str, object]:
    known = path.stat()
    return {"size": known.st_size, "mtime_ns": known.st_mtime_ns, "sha256": checksum}


def _remembered(path: Path) -> str | None:
    try:
        record = json.loads(_marker(path).read_text(encoding="utf-8"))
        checksum = str(record["sha256"])
        return checksum if record == _stamp(path, checksum) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
