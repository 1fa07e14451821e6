"""A project's shadow: a copy in a throw-away folder, where a candidate stands in the place of the artifact."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail.folder import Folder
from pytest_compiled_ai.sandbox.jail.listing import list_files
from pytest_compiled_ai.sandbox.kernel.limits import MIB

_COPIED: Final = 1 * MIB
"""Larger files are linked, not copied."""


class Shadow:
    """The copy of the project at `project`; it is deleted when the `with` block ends.

    What it is `without` are files, relative to the project: it has them under no name, nor a link to them.
    `root` is the copy. `linked` are the project's own files that the copy links to, each to be granted by itself. A
    link that leads out of the project is left out.
    """

    def __init__(self, project: Path, without: Collection[str] = ()) -> None:
        self.project = project.resolve()
        self._without = frozenset((self.project / name).resolve() for name in without)
        self._folder = Folder("shadow")
        self.root = self._folder.path / self.project.name
        linked: list[Path] = []
        try:
            self.root.mkdir()
            for name in list_files(self.project):
                # What was deleted since, or may not be read, is not there for the tests either.
                with suppress(FileNotFoundError, PermissionError):
                    self._copy(name, linked)
        except BaseException:
            self.close()
            raise
        self.linked = tuple(linked)

    def __enter__(self) -> Shadow:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def put(self, relative: str, text: str) -> None:
        """Write one file of the shadow, new or in the place of another.

        Raises:
            SandboxError: the path leads out of the shadow.
        """
        path = self._path(relative)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def remove(self, relative: str) -> None:
        """Delete one file of the shadow, if it is there.

        Raises:
            SandboxError: the path leads out of the shadow.
        """
        self._path(relative).unlink(missing_ok=True)

    def close(self) -> None:
        """Delete the shadow; may be called twice."""
        self._folder.close()

    def _path(self, relative: str) -> Path:
        path = self.root / relative
        parent = path.parent.resolve()
        if path.name in {"", ".."} or not parent.is_relative_to(self.root):
            raise SandboxError(
                f"sandbox: {relative!r} is no path inside the project; expected one like src/generated/x.py."
            )
        return parent / path.name

    def _copy(self, name: str, linked: list[Path]) -> None:
        source, target = self.project / name, self.root / name
        if self._without and source.resolve() in self._without:
            return
        status = source.lstat()
        if stat.S_ISLNK(status.st_mode):
            self._link(source, target)
        elif stat.S_ISREG(status.st_mode):
            target.parent.mkdir(parents=True, exist_ok=True)
            if status.st_size <= _COPIED:
                shutil.copyfile(source, target)
                shutil.copymode(source, target)
            else:
                target.symlink_to(source)
                linked.append(source)

    def _link(self, source: Path, target: Path) -> None:
        goal = source.resolve()
        if goal.is_relative_to(self.project):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(os.path.relpath(self.root / goal.relative_to(self.project), target.parent))
