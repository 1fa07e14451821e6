from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import OK, USAGE

ARTIFACT = Path("src/generated/numbers.py")
IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *IDENTITY, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def committed(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the project as a repository with one commit."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for variable in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(variable)
    git("init", "--quiet", "-b", "main")
    git("add", "specs", "src", "pyproject.toml")
    git("commit", "--quiet", "-m", "first")
    return project


def report(capfd: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    status = main(["report", *flags])
    return status, capfd.readouterr().out


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.usefixtures("committed")
def test_markdown_against_main_is_what_one_gets(capfd):
    edit(ARTIFACT, "n * 2", "n + n")
    status, said = report(capfd)
    assert status == OK
    assert "Compared with main (" in said
    assert "-    return n * 2\n+    return n + n\n" in said
    assert "`compiled-ai adopt specs/numbers.py::double`" in said


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("form", ["markdown", "github", "sarif", "json", "html"])
def test_every_form_comes_out_and_nothing_is_written(capfd, form):
    edit(ARTIFACT, "n * 2", "n + n")
    before = sorted(path for path in Path().rglob("*") if ".git" not in path.parts)
    status, said = report(capfd, "--format", form, "--base", "HEAD")
    assert status == OK
    assert "double" in said
    assert sorted(path for path in Path().rglob("*") if ".git" not in path.parts) == before


def test_without_a_repository_every_spec_is_listed(project, capfd):
    status, said = report(capfd, "--format", "json")
    document = json.loads(said)
    assert (status, document["base"], len(document["specs"])) == (OK, None, 2)
    assert document["notice"] == "There is no git revision to compare with, so every spec is listed."


@pytest.mark.usefixtures("committed")
def test_an_unknown_revision_is_a_usage_error(capfd):
    assert main(["report", "--base", "nope"]) == USAGE
    said = capfd.readouterr().err
    assert said.startswith("compiled-ai: git knows no revision 'nope'")
    assert said.count("\n") == 1


@pytest.mark.usefixtures("committed")
def test_github_gets_the_summary_of_the_step(capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    assert "## Compiled specs" not in report(capfd, "--format", "github")[1]
    assert (tmp_path / "summary").read_text("utf-8").startswith("## Compiled specs of project\n")
    (tmp_path / "summary").unlink()
    report(capfd, "--format", "markdown")
    assert not (tmp_path / "summary").exists()


@pytest.mark.usefixtures("committed")
def test_a_report_is_utf_8_whatever_the_terminal_is(capfdbinary):
    path = Path("specs/numbers.py")
    edit(path, "Return twice", "Return für €")
    assert main(["report", "--format", "html"]) == OK
    assert " €".encode() in capfdbinary.readouterr().out


@pytest.mark.usefixtures("committed")
def test_strength_is_measured_on_demand_of_what_is_shown(capfd):
    edit(Path("specs/numbers.py"), "Return twice a number.", "Return a number times two.")
    assert json.loads(report(capfd, "--format", "json")[1])["specs"][0]["strength"] is None
    status = main(["report", "--format", "json", "--strength"])
    said = capfd.readouterr()
    (double,) = json.loads(said.out)["specs"]
    # The header in the artifact is the old one: nothing can be said of it before it is compiled.
    assert (status, double["id"], double["state"]) == (OK, "specs/numbers.py::double", "stale")
    assert "not the spec's any more" in double["strength"]["problem"]


@pytest.mark.usefixtures("committed")
def test_what_survives_is_told(capfd):
    edit(Path("src/generated/numbers.provenance.json"), '"attempts": 1', '"attempts": 2')
    (double,) = json.loads(report(capfd, "--format", "json", "--strength")[1])["specs"]
    assert double["strength"]["killed"] == 3
    assert [each["change"] for each in double["strength"]["survivors"]] == ["`n * 2` changed to `n + 2`"]


@pytest.mark.usefixtures("committed")
def test_a_spec_that_cannot_be_read_is_not_measured(capfd):
    Path("tests").mkdir(exist_ok=True)
    Path("tests/more.py").write_text("def f(:\n", encoding="utf-8")
    edit(Path("specs/numbers.py"), "@spec\ndef negate", '@spec(tests=["tests/more.py"])\ndef negate')
    edit(Path("src/generated/numbers.provenance.json"), '"attempts": 1', '"attempts": 2')
    git("rm", "--quiet", "--cached", "specs/numbers.py")
    git("commit", "--quiet", "-m", "no spec yet")
    specs = {spec["id"]: spec for spec in json.loads(report(capfd, "--format", "json", "--strength")[1])["specs"]}
    negate = specs["specs/numbers.py::negate"]
    assert (negate["state"], negate["kind"]) == (None, "added")
    assert "tests/more.py:1: is not valid Python" in negate["strength"]["problem"]
