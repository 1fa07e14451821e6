from __future__ import annotations

import importlib
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import openai
import pytest
from plugin_projects import DOUBLE, NEGATE, NUMBERS, Sandbox, make_settings
from shapes_project import compile_shapes, write_shapes

from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.testing import ScriptedProvider, write_project

# Kept loaded: pytester forgets what a run in this process imported, and some of these take a second.
KEPT = ("openai.types.chat", "rich.live", "rich.table", "filelock", "platformdirs", "bandit.core.manager")


@pytest.fixture(scope="session", autouse=True)
def _heavy() -> None:
    """Import them before pytester notes which modules to forget."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in KEPT:
            importlib.import_module(name)
        # A client imports the rest of its HTTP library, whose classes of errors must stay the same ones, too.
        openai.OpenAI(api_key="none").close()


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester) -> Iterator[Sandbox]:
    # The project under test has a package `specs` of its own, as this repository has.
    for name in [name for name in sys.modules if name.partition(".")[0] in {"specs", "generated"}]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setenv("COMPILED_AI_MODELS", str(pytester.path / "no-models"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with ExitStack() as stack:
        yield Sandbox(pytester, stack)


@pytest.fixture(scope="session")
def compiled_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose two specs are compiled."""
    root = write_project(
        tmp_path_factory.mktemp("compiled"), {"pyproject.toml": make_settings(), "specs/numbers.py": NUMBERS}
    )
    provider = ScriptedProvider(DOUBLE, NEGATE)
    with (root / "log").open("w", encoding="utf-8") as log:
        report = Compiler(Project(load_config(root)), lambda: (provider,), TerminalWatcher(log)).compile()
    assert not report.failed, (root / "log").read_text(encoding="utf-8")
    shutil.rmtree(root / ".compiled-ai")
    (root / "log").unlink()
    return root


@pytest.fixture
def compiled(sandbox: Sandbox, compiled_project: Path) -> Sandbox:
    return sandbox.adopt(compiled_project)


@pytest.fixture(scope="session")
def compiled_shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with a test of each shape, its specs compiled."""
    root = compile_shapes(write_shapes(tmp_path_factory.mktemp("shapes") / "compiled"))
    shutil.rmtree(root / ".compiled-ai")
    return root


@pytest.fixture
def shapes(compiled_shapes: Path, tmp_path: Path) -> Path:
    """Return a copy of it to change."""
    return Path(shutil.copytree(compiled_shapes, tmp_path / "project"))
