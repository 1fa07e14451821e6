"""A copy of the checkout in which one module at a time is changed, and its tests run where they can harm nothing."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

LEFT_OUT = (".venv", ".git", ".hypothesis", ".compiled-ai", "__pycache__", ".*_cache", ".coverage*")
CONTAINED = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
"""Tests of a sandbox with a hole in it must not reach other processes, and must leave none behind."""
PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider")
BROKEN = 'raise RuntimeError("this module is never imported with success")\n'
Outcome = Literal["survived", "killed", "timeout"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the tests of a changed module ended, in so many seconds, and the last line that they said."""

    outcome: Outcome
    seconds: float
    said: str

    @property
    def skipped(self) -> int:
        """Return how many tests were skipped."""
        found = re.search(r"(\d+) skipped", self.said)
        return int(found[1]) if found else 0


class MutatedTree:
    """The copy of a checkout; one user at a time.

    Args:
        root: the checkout.
        folder: where the copy goes; it must not exist.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = folder
        shutil.copytree(root, folder, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))

    def run(self, module: str, text: str, tests: list[str], patience: float) -> Ending:
        """Return how the tests end with a module of that text, which is put back afterwards."""
        path = self.root / module
        original = path.read_text(encoding="utf-8")
        try:
            self._write(path, text)
            return self._test(tests, patience)
        finally:
            self._write(path, original)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        # A change within the same second and of the same length would be taken for the same source.
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)

    def _test(self, tests: list[str], patience: float) -> Ending:
        started = time.monotonic()
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(
            [*CONTAINED, sys.executable, *PYTEST, *tests],
            cwd=self.root, env=environment, start_new_session=True, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            said, _ = process.communicate(timeout=patience)
            outcome: Outcome = "killed" if process.returncode else "survived"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            outcome = "timeout"
        last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
        return Ending(outcome=outcome, seconds=round(time.monotonic() - started, 2), said=last)


def is_contained() -> bool:
    """Tell whether this machine lets processes have a namespace of their own."""
    try:
        return subprocess.run([*CONTAINED, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
