"""Which files of a project belong to its shadow: what git knows, or a walk that leaves out what no test needs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LEFT_OUT: Final = frozenset(
    {
        ".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", "build", "dist", ".tox", ".nox", ".eggs",
        ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".cache",
    }
)  # fmt: skip
_NEVER: Final = frozenset({".git", ".compiled-ai", "__pycache__"})


def list_files(project: Path) -> list[str]:
    """Return the project's files and links as paths relative to it; never `.env*`, nor anything of `.compiled-ai`."""
    names = _known_to_git(project) or list(_walk(project, Path()))
    return sorted({name for name in names if not _is_secret(name)})


def _is_secret(name: str) -> bool:
    parts = Path(name).parts
    return any(part in _NEVER or part.startswith(".env") for part in parts)


def _known_to_git(project: Path) -> list[str]:
    # A hook of git's own would have us list its index instead of this folder's.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=project, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    names: list[str] = []
    for name in filter(None, os.fsdecode(done.stdout).split("\0")):
        path = project / name
        # A folder in git's list is another repository in this one.
        names += _walk(project, Path(name)) if path.is_dir() and not path.is_symlink() else [name]
    return names


def _walk(project: Path, relative: Path) -> Iterator[str]:
    for entry in os.scandir(project / relative):
        path = relative / entry.name
        if not entry.is_dir(follow_symlinks=False):
            yield str(path)
        elif entry.name not in _LEFT_OUT and not (project / path / "pyvenv.cfg").exists():
            yield from _walk(project, path)
