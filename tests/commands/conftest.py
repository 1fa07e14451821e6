from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
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


@pytest.fixture(scope="session")
def half_compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with one spec that is compiled, and one for which no body passed."""
    settings = dedent(PYPROJECT.format(url="http://127.0.0.1:9/v1")).replace(
        "[tool.pytest", "timeout = 60\n[tool.pytest"
    )
    root = write_project(tmp_path_factory.mktemp("half"), {"pyproject.toml": settings, "specs/numbers.py": NUMBERS})
    wrong = fenced("def negate(n: int) -> int:\n    return n")
    provider = ScriptedProvider(fenced("def double(n: int) -> int:\n    return n * 2"), wrong)
    with (root / "log").open("w", encoding="utf-8") as log, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = load_config(root, attempts=1)
        report = Compiler(Project(config), lambda: (provider,), TerminalWatcher(log)).compile()
    assert [result.outcome for result in report.results] == ["compiled", "failed"], (root / "log").read_text("utf-8")
    return root


@pytest.fixture
def project(half_compiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it, as the current folder."""
    root = tmp_path / "project"
    shutil.copytree(half_compiled, root)
    monkeypatch.chdir(root)
    return root
