from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_compiled_ai.artifacts.staged import write_staged
from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import FAILED, OK, USAGE
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.staging import stage
from pytest_compiled_ai.config import load_config

SPEC, ARTIFACT = "specs/numbers.py", "src/generated/numbers.py"
DOUBLE = f"{SPEC}::double"


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def diff(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["diff", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def git(root: Path, *arguments: str) -> None:
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    environment = {**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *arguments], cwd=root, env=environment, check=True, capture_output=True)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def staged(project: Path) -> Path:
    """Return a project whose compiled body waits, with nothing in its place."""
    loaded = Project(load_config(project))
    file, stub = loaded.find("double")
    module = loaded.artifact(file)
    assert module
    (project / ARTIFACT).unlink()
    write_staged(project, stage(loaded, file, stub, module, {"body_hash": module.sections[0].body_hash}))
    return project


@pytest.fixture
def committed(project: Path) -> Path:
    (project / ".gitignore").write_text(".compiled-ai\nlog\n", encoding="utf-8")
    for command in (["init", "-b", "main"], ["add", "."], ["commit", "-m", "first"]):
        git(project, *command)
    return project


@pytest.mark.parametrize("arguments", [[], ["double"], [DOUBLE]])
def test_what_accepting_would_change_is_shown_and_nothing_is_cut(staged, capsys, arguments):
    status, said, error = diff(capsys, *arguments)
    assert (status, error) == (OK, "")
    lines = said.splitlines()
    assert lines[:2] == ["--- /dev/null", f"+++ b/{ARTIFACT}"]
    assert lines[-1] == "+    return n * 2"
    assert any(len(line) == 81 and line.startswith("+# spec v1:") for line in lines)
    assert not (staged / ARTIFACT).exists()


def test_where_nothing_is_staged_that_is_said(staged, capsys):
    assert diff(capsys, "negate") == (OK, "", "compiled-ai: nothing is staged\n")
    assert diff(capsys, "nothing")[0] == FAILED


def test_what_cannot_be_accepted_is_told(staged, capsys):
    edit(staged / SPEC, "Return twice", "Give twice")
    status, said, error = diff(capsys)
    assert (status, said) == (OK, "")
    assert error.startswith(f"compiled-ai: {DOUBLE}: its spec changed since it was staged; run")


def test_artifacts_are_compared_with_a_revision(committed, capsys):
    assert diff(capsys, "--base", "HEAD") == (OK, "", "compiled-ai: nothing changed\n")
    edit(committed / ARTIFACT, "n * 2", "2 * n")
    (committed / "src/generated/added.py").write_text("x = 1\n", encoding="utf-8")
    (committed / "src/generated/__init__.py").unlink()
    status, said, _ = diff(capsys, "--base", "main")
    assert status == OK
    assert "-    return n * 2\n+    return 2 * n\n" in said
    assert "--- /dev/null\n+++ b/src/generated/added.py\n" in said
    assert "--- a/src/generated/__init__.py\n+++ /dev/null\n" in said
    assert "provenance" not in said


def test_one_spec_is_compared_with_a_revision(committed, capsys):
    edit(committed / ARTIFACT, "n * 2", "2 * n")
    (committed / "src/generated/added.py").write_text("x = 1\n", encoding="utf-8")
    status, said, _ = diff(capsys, "double", "--base", "HEAD")
    assert (status, "added" in said) == (OK, False)
    assert "-    return n * 2\n+    return 2 * n\n" in said
    assert "# spec" not in said
    assert diff(capsys, "negate", "--base", "HEAD") == (OK, "", "compiled-ai: nothing changed\n")


@pytest.mark.parametrize("fixture", ["committed", "project"])
def test_a_revision_that_git_does_not_know_is_told(request, fixture, capsys):
    request.getfixturevalue(fixture)
    status, said, error = diff(capsys, "--base", "nowhere")
    assert (status, said) == (USAGE, "")
    assert "git knows no revision 'nowhere'" in error


def test_on_a_terminal_it_is_coloured(staged):
    ours, theirs = pty.openpty()
    environment = {name: text for name, text in os.environ.items() if name != "NO_COLOR"}
    command = [sys.executable, "-m", "pytest_compiled_ai", "diff"]
    with subprocess.Popen(command, cwd=staged, env={**environment, "TERM": "xterm"}, stdout=theirs) as process:
        os.close(theirs)
        said = b""
        while b"return n * 2" not in said:
            said += os.read(ours, 65536)
        assert process.wait(60) == OK
    os.close(ours)
    assert b"\x1b[32m+    return n * 2" in said
