"""The hooks, run by the real pre-commit in a real repository, with no network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hook_repositories import ROOT, Repository, make_hooks, make_project

STALE = "compiled-ai: specs/doubling.py::double is stale"
SCRIPT = ROOT / "hooks" / "check.sh"
LOADED = (
    "import json, sys; sys.path.insert(0, sys.argv.pop(1)); from pytest_compiled_ai.cli import main; "
    "status = main(['check']); print(json.dumps([status, sorted(sys.modules)]))"
)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return make_hooks(tmp_path_factory.mktemp("hooks"))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, hooks: Repository) -> Repository:
    return make_project(tmp_path_factory.mktemp("fresh"), hooks)


@pytest.fixture
def project(fresh: Repository, tmp_path: Path) -> Repository:
    """Return a copy that may be changed; what pre-commit has cloned is shared."""
    shutil.copytree(fresh.root, tmp_path / "project")
    return Repository(root=tmp_path / "project", home=fresh.home)


def test_what_is_fresh_passes(fresh: Repository) -> None:
    done = fresh.pre_commit("run", "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout
    assert re.search(r"^compiled-ai check\.+Passed$", done.stdout, re.M)
    assert "compiled-ai: 1 specs, all fresh" in done.stdout
    assert "compiled-ai verify" not in done.stdout
    assert "[WARNING]" not in done.stdout


def test_nothing_is_installed_for_the_check(fresh: Repository) -> None:
    assert fresh.pre_commit("run", "--all-files").returncode == 0
    (clone,) = (path for path in (fresh.home / "pre-commit").iterdir() if path.is_dir())
    assert (clone / "hooks" / "check.sh").is_file()
    assert {path.name for path in clone.iterdir()} == {".git", *tracked(clone)}
    assert not [path for name in ("openai", "mypy", "bandit", "pip") for path in clone.rglob(f"{name}*/__init__.py")]


def tracked(clone: Path) -> set[str]:
    """Return the top of what git knows there: all else somebody made."""
    listed = subprocess.run(["git", "ls-files"], cwd=clone, capture_output=True, text=True, check=True).stdout
    return {line.partition("/")[0] for line in listed.splitlines()}


def test_a_stale_spec_stops_a_commit_and_says_so(project: Repository) -> None:
    assert project.pre_commit("install").returncode == 0
    before = project.git("rev-parse", "HEAD")
    project.edit("specs/doubling.py", "twice a number", "two times a number")
    project.git("add", "--all")
    done = project.call("git", "commit", "--message", "Say it otherwise")
    assert done.returncode == 1
    assert re.search(r"^compiled-ai check\.+Failed$", done.stdout, re.M)
    assert STALE in done.stdout
    assert "Traceback" not in done.stdout
    assert project.git("rev-parse", "HEAD") == before
    project.edit("specs/doubling.py", "two times a number", "twice a number")
    project.edit("specs/doubling.py", "@spec", "# A comment changes nothing.\n@spec")
    project.git("add", "--all")
    done = project.call("git", "commit", "--message", "Note it")
    assert done.returncode == 0, done.stdout
    assert project.git("rev-parse", "HEAD") != before


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("src/app.py", True),
        ("src/generated/doubling.provenance.json", True),
        ("src/generated/approvals.json", True),
        ("pyproject.toml", True),
        ("README.md", False),
        ("data.json", False),
    ],
)
def test_it_runs_on_what_can_change_its_answer(project: Repository, name: str, runs: bool) -> None:
    with (project.root / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    project.git("add", "--all")
    done = project.pre_commit("run", "compiled-ai-check")
    assert re.search(r"^compiled-ai check\.+(\(no files to check\))?(Passed|Skipped)$", done.stdout, re.M), done.stdout
    assert ("Skipped" in done.stdout) is not runs


def test_verify_is_that_of_the_project_and_runs_on_demand(project: Repository) -> None:
    program = project.home / "bin" / "compiled-ai"
    program.write_text('#!/bin/sh\necho "called with $@"\nexit 1\n', encoding="utf-8")
    program.chmod(0o755)
    done = project.pre_commit("run", "compiled-ai-verify", "--hook-stage", "manual", "--all-files")
    program.unlink()
    assert done.returncode == 1
    assert re.search(r"^called with verify$", done.stdout, re.M)


def run_script(root: Path, path: Path) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": str(path), "HOME": str(root)}
    return subprocess.run(["/bin/sh", SCRIPT], cwd=root, env=environ, capture_output=True, text=True, check=False)


def put_program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_without_a_new_python_one_line_says_so(fresh: Repository, tmp_path: Path) -> None:
    put_program(tmp_path, "python3", "exit 1")
    done = run_script(fresh.root, tmp_path)
    assert done.returncode == 4
    assert done.stdout == ""
    assert done.stderr.startswith("compiled-ai: no Python 3.11 or newer is on PATH")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["python3", "python", "python3.11", "python3.12", "python3.13", "python3.14"])
def test_a_new_python_is_found_behind_an_old_one(fresh: Repository, tmp_path: Path, name: str) -> None:
    put_program(tmp_path, "python3", "exit 1")
    put_program(tmp_path, name, f'exec "{sys.executable}" "$@"')
    done = run_script(fresh.root, tmp_path)
    assert (done.returncode, done.stdout) == (0, "compiled-ai: 1 specs, all fresh\n"), done.stderr


def test_the_script_can_be_run() -> None:
    assert os.access(SCRIPT, os.X_OK)


@pytest.mark.parametrize("state", ["fresh", "stale", "orphaned", "broken"])
def test_a_check_imports_the_standard_library_alone(project: Repository, state: str) -> None:
    match state:
        case "stale":
            project.edit("specs/doubling.py", "twice a number", "two times a number")
        case "orphaned":
            (project.root / "specs" / "doubling.py").unlink()
        case "broken":
            project.edit("specs/doubling.py", "def double(", "def double((")
    done = project.call(sys.executable, "-I", "-S", "-c", LOADED, str(ROOT))
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert status == (0 if state == "fresh" else 1)
    tops = {name.partition(".")[0] for name in modules}
    assert tops - sys.stdlib_module_names == {"__main__", "pytest_compiled_ai"}
