"""A question with its types, in a process of its own: the project's modules are imported there, and nowhere here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_compiled_ai.errors import SpecError

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV")
"""What of the environment the process has: no key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedQuestion:
    """The question under `name` in an artifact of the text `program`, whose modules are found in `folders`."""

    root: Path
    folders: tuple[str, ...]
    program: str
    name: str

    def write(self, given: Iterable[Mapping[str, Any]]) -> list[list[dict[str, str]]]:
        """Return what is asked for each of the arguments: messages with a role and a content.

        Raises:
            SpecError: what the question needs cannot be imported, or its answer has no schema.
        """
        return self._order({"given": [dict(each) for each in given]})

    def read(self, text: str) -> Mapping[str, Any]:
        """Return `{"reply": ...}`, the answer that a model's text holds, or `{"problem": ...}`, why it does not fit.

        Raises:
            SpecError: what the question needs cannot be imported.
        """
        (answer,) = self._order({"texts": [text]})
        return answer  # type: ignore[no-any-return]

    def _order(self, orders: dict[str, Any]) -> list[Any]:
        sent = {"program": self.program, "name": self.name, "path": self.folders, **orders}
        done = subprocess.run(
            [sys.executable, "-P", "-m", "pytest_compiled_ai.asking.child"],
            input=json.dumps(sent),
            capture_output=True,
            text=True,
            check=False,
            cwd=self.root,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )
        if done.returncode:
            raise SpecError(f"{self.name} cannot be asked: {done.stderr.strip().splitlines()[-1]}; mend that first.")
        return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]
