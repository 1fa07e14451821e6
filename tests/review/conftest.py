"""A project with a body that waits in the place of another, and one that waits for the first time."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from doubles import NoMypy

from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.staging import Staging
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.testing import PYPROJECT, ScriptedProvider, fenced, write_project

NUMBERS = '''
    from pytest_compiled_ai import spec


    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """


    @spec
    def negate(n: int) -> int:
        """Return a number with the other sign."""


    def test_negate() -> None:
        assert negate(3) == -3
    '''
OLD = fenced("def double(n: int) -> int:\n    return n + n")
NEW = fenced("def double(n: int) -> int:\n    # by two\n    return n * 2")
NEGATE = fenced("def negate(n: int) -> int:\n    return -n")


@pytest.fixture(autouse=True)
def _narrow(untyped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project, compiled once."""
    settings = dedent(PYPROJECT.format(url="http://127.0.0.1:9/v1")).replace(
        "[tool.pytest", "timeout = 60\n[tool.pytest"
    )
    root = write_project(tmp_path_factory.mktemp("review"), {"pyproject.toml": settings, "specs/numbers.py": NUMBERS})
    with pytest.MonkeyPatch.context() as patch, (root / "log").open("w", encoding="utf-8") as log:
        patch.setattr(workshop, "MypyProcess", NoMypy)
        watcher, written, staged = TerminalWatcher(log), ScriptedProvider(OLD), ScriptedProvider(NEW, NEGATE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            project = Project(load_config(root))
            first = Compiler(project, lambda: (written,), watcher).compile(only="double")
            then = Compiler(project, lambda: (staged,), watcher, staging=Staging(project)).compile(force=True)
    outcomes = [result.outcome for report in (first, then) for result in report.results]
    assert outcomes == ["compiled", "staged", "staged"], (root / "log").read_text("utf-8")
    (root / "log").unlink()
    return root


@pytest.fixture
def root(reviewed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it, as the current folder."""
    root = tmp_path / "project"
    shutil.copytree(reviewed, root)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have EDITOR apply a script of sed."""

    def write(script: str) -> None:
        path = tmp_path / "my editor"
        path.write_text(f"#!/bin/sh\nsed -i '{script}' \"$@\"\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("EDITOR", f'"{path}" -s')
        monkeypatch.delenv("VISUAL", raising=False)

    return write
