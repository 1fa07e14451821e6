"""Keeping bodies that several lanes have approved: one after the other, and none behind the end of the run."""

from __future__ import annotations

import threading

from pytest_compiled_ai.artifacts.module import ArtifactModule
from pytest_compiled_ai.artifacts.provenance import Record
from pytest_compiled_ai.compiler.approval import Keep
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.specs.model import SpecFile, Stub


class Keeping:
    """Keeps bodies as another `Keep` does; `approved` are the artifacts as they are now, by path below the root."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._is_over = False
        self.approved: dict[str, str] = {}

    def __call__(
        self, config: Config, file: SpecFile, stub: Stub, module: ArtifactModule, record: Record | dict[str, object]
    ) -> None:
        """Keep the body that `module` has for a stub.

        Raises:
            HarnessError: the run is over.
        """
        with self._lock:
            if self._is_over:
                raise HarnessError("the run was ended.")
            self._keep(config, file, stub, module, record)
            packages = [folder / "__init__.py" for folder in file.target.parents if folder.is_relative_to(config.root)]
            for path in (file.target, *packages):
                if path.is_file() and path.is_relative_to(config.generated_root):
                    relative = path.relative_to(config.root).as_posix()
                    self.approved = {**self.approved, relative: path.read_text(encoding="utf-8")}

    def end(self) -> None:
        """Keep nothing from now on; what is being written is written."""
        with self._lock:
            self._is_over = True
