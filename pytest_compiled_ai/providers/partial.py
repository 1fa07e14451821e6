"""A model's file while it grows: what is there survives an interruption at any point."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers.catalogue import Entry
from pytest_compiled_ai.providers.model_files import partial_path
from pytest_compiled_ai.providers.progress import Progress

FULL_DISK = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


class Partial:
    """The unfinished file of one model, and the record of its finished pieces.

    The record says how many pieces are whole and how long the file was then: bytes after that are a broken piece.
    """

    def __init__(self, target: Path, entry: Entry, progress: Progress) -> None:
        self.path = partial_path(target)
        self.entry = entry
        self._record = self.path.with_name(f"{self.path.name}.json")
        self._progress = progress

    def length(self) -> int:
        """Return how many bytes are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def finished_pieces(self) -> tuple[int, int]:
        """Return how many pieces are whole, and how many bytes they make; nothing where the record does not fit."""
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            pieces, length = int(record["pieces"]), int(record["length"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, 0
        return (pieces, length) if 0 < length <= self.length() else (0, 0)

    def finish_piece(self, pieces: int) -> None:
        """Record that `pieces` pieces are whole now."""
        draft = self._record.with_name(f"{self._record.name}.new")
        draft.write_text(json.dumps({"pieces": pieces, "length": self.length()}), encoding="utf-8")
        draft.replace(self._record)

    def append(self, chunks: Iterable[bytes], *, at: int) -> None:
        """Cut the file to `at` bytes and write `chunks` behind them.

        Raises:
            ModelFileError: there is more than the model has.
        """
        with self.path.open("ab") as file:
            file.truncate(at)
            for chunk in chunks:
                at += len(chunk)
                if at > self.entry.size:
                    raise ModelFileError(
                        f"more than the {self.entry.size} bytes of {self.entry.name} came; this is not that model."
                    )
                file.write(chunk)
                self._progress.advance(len(chunk))
            file.flush()
            os.fsync(file.fileno())

    def discard(self) -> None:
        """Remove the file and its record."""
        self.path.unlink(missing_ok=True)
        self._record.unlink(missing_ok=True)

    def keep_as(self, target: Path) -> None:
        """Put the whole file in its place at once."""
        self.path.replace(target)
        self._record.unlink(missing_ok=True)


def check_space(folder: Path, needed: int) -> None:
    """Refuse to begin what cannot end; `needed` is in bytes.

    Raises:
        ModelFileError: the disk has less free space.
    """
    free = _free(folder)
    if free < needed:
        raise ModelFileError(_full_disk(folder, needed, free))


@contextmanager
def explained_errors(folder: Path, partial: Partial) -> Iterator[None]:
    """Turn the errors of writing into one line; what was written so far stays, for the next try."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL_DISK:
            needed = partial.entry.size - partial.length()
            raise ModelFileError(_full_disk(folder, needed, _free(folder))) from None
        raise ModelFileError(f"{folder}: the model cannot be written: {error.strerror or error}.") from None


def _free(folder: Path) -> int:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free


def _full_disk(folder: Path, needed: int, free: int) -> str:
    return (
        f"{folder}: the disk or a file-size limit is in the way: {needed} bytes more are needed, {free} are free; "
        "make room, then run the same command again: it goes on where it stopped."
    )
