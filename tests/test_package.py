"""What is shipped, what a plain import costs, and what the public names are."""

from __future__ import annotations

import subprocess
import sys
import types
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import pytest_compiled_ai

ROOT = Path(__file__).parents[1]
HEAVY = {"openai", "rich", "bandit", "mypy", "xllamacpp"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_ships_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"pytest_compiled_ai", f"pytest_compiled_ai-{pytest_compiled_ai.__version__}.dist-info"}


def test_the_wheel_holds_types_and_licences(wheel: zipfile.ZipFile) -> None:
    info = f"pytest_compiled_ai-{pytest_compiled_ai.__version__}.dist-info"
    models = "pytest_compiled_ai/providers/licences"
    wanted = {
        "pytest_compiled_ai/py.typed",
        f"{info}/licenses/LICENSE",
        f"{models}/LICENSE-Apache-2.0.txt",
        f"{models}/NOTICE.txt",
    }
    assert wanted <= set(wheel.namelist())


def test_the_wheel_has_every_module(wheel: zipfile.ZipFile) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pytest_compiled_ai").rglob("*.py")}
    assert modules <= set(wheel.namelist())


def test_the_wheel_declares_its_entry_points(wheel: zipfile.ZipFile) -> None:
    text = wheel.read(f"pytest_compiled_ai-{pytest_compiled_ai.__version__}.dist-info/entry_points.txt").decode()
    assert "[pytest11]\ncompiled_ai = pytest_compiled_ai.plugin" in text
    assert "[console_scripts]\ncompiled-ai = pytest_compiled_ai.cli:main" in text


def test_the_plugin_loads_nothing_heavy() -> None:
    code = f"import sys, pytest_compiled_ai.plugin; print({HEAVY!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_public_names_are_sorted_and_complete() -> None:
    names = pytest_compiled_ai.__all__
    public = {
        name
        for name, value in vars(pytest_compiled_ai).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert names == sorted(names)
    assert set(names) == public | {"__version__"}


def test_one_version_everywhere() -> None:
    assert metadata.version("pytest-compiled-ai") == pytest_compiled_ai.__version__
    assert (
        f"compiled-ai {pytest_compiled_ai.__version__}"
        in subprocess.run(
            [sys.executable, "-m", "pytest_compiled_ai", "--version"], capture_output=True, text=True, check=True
        ).stdout
    )
