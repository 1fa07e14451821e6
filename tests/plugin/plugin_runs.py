"""Runs of pytest in a process of their own, on a project on disk: what became of each test, and of the files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
UNSEEN = {".pytest_cache", "__pycache__"}
# What one test run says to the runs that it starts would change them.
INHERITED = ("PYTEST_", "TEAMCITY_", "PYCHARM_", "COVERAGE_", "COV_")


class Outcome(NamedTuple):
    """What became of one test, how often it was reported, and what its failure says."""

    word: str
    times: int
    text: str


class Run(NamedTuple):
    """One run; `outcomes` stand in the order in which the tests were reported."""

    code: int
    out: str
    err: str
    outcomes: dict[str, Outcome]

    @property
    def words(self) -> dict[str, str]:
        return {nodeid: outcome.word for nodeid, outcome in self.outcomes.items()}

    @property
    def said(self) -> str:
        return self.out + self.err


def run_pytest(root: Path, *arguments: str, environ: Mapping[str, str] | None = None, measured: bool = True) -> Run:
    """Run pytest on a project; `measured` says whether the coverage of this run counts."""
    record = root.with_name(f"{root.name}-outcomes.json")
    record.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-p", "outcome_recorder", *arguments]
    done = run_process(root, command, {"OUTCOMES": str(record), **(environ or {})}, measured=measured)
    told = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    return Run(done.returncode, done.stdout, done.stderr, {name: Outcome(*rest) for name, rest in told.items()})


def run_process(
    root: Path, command: list[str], environ: Mapping[str, str], *, measured: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with nothing to read from its standard input."""
    dropped = INHERITED if not measured else tuple(prefix for prefix in INHERITED if prefix != "COVERAGE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    path = os.pathsep.join([str(HERE), *filter(None, [kept.get("PYTHONPATH")])])
    return subprocess.run(
        command,
        cwd=root,
        env={**kept, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def read_tree(root: Path) -> dict[str, bytes]:
    """Return all files of a project, without pytest's own cache and bytecode."""
    files = (path for path in root.rglob("*") if path.is_file() and not UNSEEN & set(path.parts))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
