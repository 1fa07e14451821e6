"""Deleting a folder that a hostile process has filled."""

from __future__ import annotations

import os
from pathlib import Path

# Windows knows none of them, and has no jail; the module must still be importable there.
FOLDER = sum(getattr(os, flag, 0) for flag in ("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC"))
"""How to open a folder and nothing else."""


def remove(folder: Path) -> None:
    """Delete a folder that a hostile process has filled: no link is followed, and no depth or mode stops it.

    It walks by descriptors, one open at a time, because the path of what lies deep enough is too long to be used.
    """
    here = os.open(folder, FOLDER)
    try:
        levels = [("", _unlink_files(here))]
        while levels:
            name, folders = levels[-1]
            if folders:
                inner = folders.pop()
                os.chmod(inner, 0o700, dir_fd=here)
                here = _step(here, inner)
                levels.append((inner, _unlink_files(here)))
            else:
                levels.pop()
                if levels:
                    here = _step(here, "..")
                    os.rmdir(name, dir_fd=here)
    finally:
        os.close(here)
    folder.rmdir()


def _step(here: int, name: str) -> int:
    there = os.open(name, FOLDER, dir_fd=here)
    os.close(here)
    return there


def _unlink_files(here: int) -> list[str]:
    folders = []
    with os.scandir(here) as found:
        entries = list(found)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        else:
            os.unlink(entry.name, dir_fd=here)
    return folders
