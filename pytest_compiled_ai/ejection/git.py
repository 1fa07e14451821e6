"""What git says of files that are about to change: whether they could be brought back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path


def find_unsaved(root: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    """Return those of the files that git could not bring back as they are; none where there is no git."""
    git = shutil.which("git")
    if git is None:
        return ()
    named = [path.relative_to(root).as_posix() for path in paths]
    # It takes no lock and writes no index: this only looks.
    command = [git, "--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=all", "--", *named]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})
    if done.returncode:
        return ()
    return tuple(os.fsdecode(entry)[3:] for entry in done.stdout.split(b"\0") if entry)
