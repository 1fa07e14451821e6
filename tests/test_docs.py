"""Every code block of the README and of docs/ is run, read, or checked against the real commands and flags."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_compiled_ai.cli import COMMANDS, parse
from pytest_compiled_ai.commands.init import init_project
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.specs.discover import discover

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FILE = re.compile(r"\A# ((?:specs|src|tests)/\S+\.py)\n")
COMPILED = re.compile(r"\A# Compiled from specs/(\S+) by")
FLAG = re.compile(r"--(?:no-)?compile-ai[a-z-]*")
TOML = '[tool.compiled-ai]\nspecs = ["specs"]\n\n[tool.pytest.ini_options]\npythonpath = ["src"]\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    language: str
    text: str

    @property
    def path(self) -> str | None:
        """Return the file that a Python block shows, None for a block that is run as it stands."""
        if compiled := COMPILED.match(self.text):
            return f"src/generated/{compiled[1]}"
        return found[1] if (found := FILE.match(self.text)) else None


def blocks_of(page: Path) -> Iterator[Block]:
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.S | re.M):
        yield Block(language=found[1], text=found[2])


def write_page(page: Path, root: Path) -> list[Block]:
    """Write the files that a page shows, and return its other Python blocks."""
    (root / "pyproject.toml").write_text(TOML, encoding="utf-8")
    for folder in ("specs", "tests", "src"):
        (root / folder).mkdir()
    (root / "specs" / "__init__.py").touch()
    rest = []
    for block in (block for block in blocks_of(page) if block.language == "python"):
        if block.path is None:
            rest.append(block)
            continue
        path = root / block.path
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    return rest


def run_python(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def pytest_help() -> str:
    return subprocess.run([sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, check=True).stdout


def test_the_pages_have_blocks() -> None:
    known = {"python", "toml", "sh", "json", "text", "yaml"}
    assert {block.language for page in PAGES for block in blocks_of(page)} <= known
    assert sum(1 for page in PAGES for _ in blocks_of(page)) > 12


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks(page: Path, tmp_path: Path) -> None:
    rest = write_page(page, tmp_path)
    found = discover(load_config(tmp_path))
    assert found.problems == ()
    project = Project(found_config := load_config(tmp_path))
    assert found_config.root == tmp_path
    for file in found.files:
        for stub in file.stubs:
            assert project.tests(file, stub), f"{stub.id} has no tests"
    for block in rest:
        done = run_python(tmp_path, "-W", "error", "-c", block.text)
        assert done.returncode == 0, done.stderr


def test_the_artifacts_shown_are_fresh_and_pass(tmp_path: Path) -> None:
    write_page(ROOT / "README.md", tmp_path)
    project = Project(load_config(tmp_path))
    states = {stub.id: project.standing(file, stub).state for file in project.files for stub in file.stubs}
    assert states == {"specs/names.py::initials": "fresh"}
    done = run_python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "specs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_toml_blocks(page: Path, tmp_path: Path) -> None:
    for block in (block for block in blocks_of(page) if block.language == "toml"):
        (tmp_path / "pyproject.toml").write_text(block.text, encoding="utf-8")
        assert tomllib.loads(block.text)["tool"]
        config = load_config(tmp_path)
        for name in set(config.ladder) - {"embedded"}:
            assert config.settings_of(name).model


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_json_blocks(page: Path) -> None:
    for block in (block for block in blocks_of(page) if block.language == "json"):
        assert json.loads(block.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shell_blocks(page: Path, pytest_help: str) -> None:
    for block in (block for block in blocks_of(page) if block.language == "sh"):
        for line in block.text.splitlines():
            check_command(shlex.split(line, comments=True), pytest_help)


def check_command(words: list[str], pytest_help: str) -> None:
    match words:
        case ["compiled-ai", *rest]:
            parse(rest)
        case ["pytest", *rest]:
            assert all(word in pytest_help for word in rest if word.startswith("-"))
        case ["make", target]:
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
        case ["pip", "install", "pytest-compiled-ai[embedded]" | "pytest-compiled-ai[dask]" as named]:
            project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
            assert named.partition("[")[2].strip("]") in project["optional-dependencies"]
        case _:
            pytest.fail(f"the documentation shows an unknown command: {words}")


@pytest.mark.parametrize("words", [["compiled-ai", "fly"], ["make", "coffee"], ["pytest", "--compile-all"], ["rm"]])
def test_a_wrong_command_would_be_found(words: list[str], pytest_help: str) -> None:
    with pytest.raises((SystemExit, AssertionError, pytest.fail.Exception)):
        check_command(words, pytest_help)


def test_a_wrong_table_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.compiled-ai]\nprovidr = 'x'\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_config(tmp_path)


def test_the_readme_names_every_flag_and_no_other(pytest_help: str) -> None:
    real = set(FLAG.findall(pytest_help))
    assert set(FLAG.findall((ROOT / "README.md").read_text(encoding="utf-8"))) == real
    for page in PAGES:
        assert set(FLAG.findall(page.read_text(encoding="utf-8"))) <= real


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`compiled-ai {name}" not in readme] == []


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_init_makes_the_project_that_the_readme_shows(tmp_path: Path) -> None:
    list(init_project(tmp_path))
    shown = next(block.text for block in blocks_of(ROOT / "README.md") if block.path == "specs/names.py")
    written = (tmp_path / "specs" / "names.py").read_text(encoding="utf-8")
    assert written.partition("@spec")[2] == shown.partition("@spec")[2]
