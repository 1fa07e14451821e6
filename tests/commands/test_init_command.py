from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pytest_compiled_ai.commands.init import init_project
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ConfigError


def tables(root: Path) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    return found


def test_a_fresh_folder_gets_settings_and_a_spec_that_can_be_compiled(tmp_path: Path) -> None:
    lines = list(init_project(tmp_path))
    assert lines[0] == "wrote [tool.compiled-ai], [tool.pytest], [tool.mypy] to pyproject.toml"
    assert "`pytest --compile-ai`" in lines[-1]
    assert set(tables(tmp_path)) == {"compiled-ai", "pytest", "mypy"}
    project = Project(load_config(tmp_path))
    file, stub = project.find("names.initials")
    assert len(project.tests(file, stub)) >= 2
    assert not project.problems


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    list(init_project(tmp_path))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    lines = list(init_project(tmp_path))
    assert "specs/ is there already" in lines
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_settings_that_are_there_stay_and_are_named(tmp_path: Path) -> None:
    old = '[project]\nname = "x"\n\n[tool.mypy]\nstrict = true\n\n[tool.pytest.ini_options]\naddopts = "-q"'
    (tmp_path / "pyproject.toml").write_text(old, encoding="utf-8")
    (tmp_path / "specs").mkdir()
    lines = list(init_project(tmp_path))
    assert (tmp_path / "pyproject.toml").read_text(encoding="utf-8").startswith(old + "\n\n[tool.compiled-ai]\n")
    assert any('disable_error_code = ["empty-body"]' in line for line in lines)
    assert any('pythonpath = ["src"]' in line for line in lines)
    assert list((tmp_path / "specs").iterdir()) == []


def test_pytest_settings_that_know_src_need_no_advice(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["src"]\n', encoding="utf-8")
    assert not any("pytest settings" in line for line in init_project(tmp_path))


def test_invalid_toml_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project\n", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"pyproject\.toml is not valid TOML .*; mend it, then run `compiled-ai init`"
    ):
        list(init_project(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]
    assert (tmp_path / "pyproject.toml").read_text(encoding="utf-8") == "[project\n"
