"""What a report compares the working tree with: a git revision, or the files as they were before a run."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from pytest_compiled_ai.errors import ConfigError

_GIT_SECONDS = 60
_DEFAULTS = ("origin/HEAD", "main", "master")


class Tree(Protocol):
    """The texts of one state of a project; paths are relative to its root, with forward slashes."""

    @property
    def label(self) -> str:
        """What it is, in words."""
        ...

    def read(self, path: str) -> str | None:
        """Return a file's text, None where there is none."""
        ...

    def files(self, folder: str) -> tuple[str, ...]:
        """Return the paths of all files below a folder."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GitTree:
    """A commit, of the repository that holds `root`; `name` is what the user calls it."""

    root: Path
    commit: str
    name: str

    @property
    def label(self) -> str:
        """The revision's name and the commit's short hash."""
        return self.name if self.commit.startswith(self.name) else f"{self.name} ({self.commit[:9]})"

    def read(self, path: str) -> str | None:
        """Return a file's text as it was committed."""
        return _read_blob(self.root, self.commit, path)

    def files(self, folder: str) -> tuple[str, ...]:
        """Return the paths of all committed files below a folder."""
        listed = run_git(self.root, "ls-tree", "-r", "-z", "--name-only", self.commit, "--", folder) or ""
        return tuple(name for name in listed.split("\0") if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Some files as they were; every other file is taken to be as it is now."""

    root: Path
    texts: dict[str, str | None] = field(default_factory=dict)
    label: str = "before this run"

    def read(self, path: str) -> str | None:
        """Return a file's text as it was."""
        return self.texts[path] if path in self.texts else read_text(self.root / path)

    def files(self, folder: str) -> tuple[str, ...]:
        """Return the paths that were kept, below a folder."""
        return tuple(path for path, text in self.texts.items() if text is not None and path.startswith(f"{folder}/"))


def take_snapshot(root: Path, paths: Iterable[Path]) -> Snapshot:
    """Return the texts of these files as they are now."""
    return Snapshot(root=root, texts={path.relative_to(root).as_posix(): read_text(path) for path in paths})


def find_base(root: Path, wanted: str | None = None) -> GitTree | None:
    """Return the commit to compare with: where HEAD and `wanted` parted, or HEAD and the main branch.

    None where no revision is asked for, and there is no git repository, no commit or no main branch.

    Raises:
        ConfigError: git does not know the revision that is asked for.
    """
    names = (wanted,) if wanted else _DEFAULTS
    for name in names:
        commit = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if commit:
            parted = run_git(root, "merge-base", "HEAD", commit.strip())
            return GitTree(root=root, commit=(parted or commit).strip(), name=name)
    if wanted:
        raise ConfigError(
            f"git knows no revision {wanted!r} in {root}; name one that is here, or fetch it first "
            "(in CI, check out the whole history)."
        )
    return None


def find_prefix(root: Path) -> str:
    """Return the project's folder below the top of its repository, as in `packages/app/`; empty where it is the top."""
    return (run_git(root, "rev-parse", "--show-prefix") or "").strip()


def read_text(path: Path) -> str | None:
    """Return a file's text, None where there is none that can be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=1024)
def _read_blob(root: Path, commit: str, path: str) -> str | None:
    # Not `show`, which may run a filter that the attributes of the repository name.
    return run_git(root, "cat-file", "blob", f"{commit}:./{path}")


def run_git(root: Path, *arguments: str) -> str | None:
    """Return what a git command says, None where it fails or there is no git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],  # noqa: S607
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        return done.stdout.decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
