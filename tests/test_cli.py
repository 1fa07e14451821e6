"""The command's shell: exit codes, and one line for what a user did wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_compiled_ai import __version__
from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands import demo
from pytest_compiled_ai.commands import model as model_command
from pytest_compiled_ai.commands.base import FAILED, INTERRUPTED, OK, USAGE
from pytest_compiled_ai.providers.model_files import FOLDER_VARIABLE
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from pytest_compiled_ai import spec


    @spec
    def double(n: int) -> int:
        """Return twice a number.

        >>> double(2)
        4
        """
    '''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_project(tmp_path, {"specs/doubling.py": SPEC}))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "no-models"))
    return tmp_path


@pytest.mark.parametrize("argv", [[], ["nothing"], ["explain"], ["model", "prepare", "nobody"]])
def test_a_wrong_command_line_is_argparse_own_error(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "usage: compiled-ai" in capsys.readouterr().err


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"compiled-ai {__version__}\n"


@pytest.mark.parametrize("argv", [["check"], ["compile"], ["explain", "x"]])
def test_without_a_project_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(argv) == USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("compiled-ai: no [tool.compiled-ai] table in a pyproject.toml at or above ")
    assert err.endswith("; run `compiled-ai init`.\n")


def test_init_makes_a_project_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == OK
    assert "wrote specs/names.py, a first spec" in capsys.readouterr().out
    assert main(["check"]) == FAILED


def test_check_fails_for_a_missing_body_from_a_folder_below_too(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project / "specs")
    assert main(["check"]) == FAILED
    assert capsys.readouterr().out == "compiled-ai: specs/doubling.py::double is missing; run `pytest --compile-ai`\n"


def test_compile_with_nothing_chosen_asks_nobody(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "--only", "other*"]) == OK
    assert capsys.readouterr().out == "compiled-ai: 0 specs, nothing to compile\n"


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (["--provider", "nobody"], "compiled-ai: provider 'nobody' is not configured; known: embedded, openai. "),
        (["--attempts", "0"], "compiled-ai: attempts must be at least 1, not 0."),
        (["--provider", "embedded"], "compiled-ai: "),
    ],
)
def test_compile_with_a_bad_setting_ends_4(
    project: Path, capsys: pytest.CaptureFixture[str], flags: list[str], line: str
) -> None:
    assert main(["compile", *flags]) == USAGE
    err = capsys.readouterr().err
    assert err.startswith(line)
    assert err.count("\n") == 1
    assert not (project / "src").exists()


def test_explain_prints_and_an_unknown_name_ends_1(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "double"]) == OK
    assert "specs/doubling.py::double (specs/doubling.py:5) is missing" in capsys.readouterr().out
    assert main(["explain", "nobody"]) == FAILED
    assert capsys.readouterr().err.startswith("compiled-ai: 'nobody' names 0 specs")


def test_doctor_marks_what_to_look_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "no-models"))
    assert main(["doctor"]) == FAILED
    out = capsys.readouterr().out
    assert "LOOK  project: none here" in out
    assert "ok    versions: " in out


def test_doctor_reads_the_project(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor"])
    assert f"ok    project: {project}, specs in specs" in capsys.readouterr().out


def test_model_shows_and_prepare_says_where_it_is(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model"]) == OK
    assert "absent" in capsys.readouterr().out
    monkeypatch.setattr(model_command, "prepare_model", lambda name, source: f"{name} from {source}")
    assert main(["model", "prepare", "--from", "hf"]) == OK
    assert capsys.readouterr().out.endswith(" from hf\n")


def test_prepare_from_a_missing_file_ends_4(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "prepare", "--from", str(project / "nothing.gguf")]) == USAGE
    assert capsys.readouterr().err.splitlines()[-1].startswith("compiled-ai: ")


def test_demo_returns_pytests_status(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Path | None] = []
    monkeypatch.setattr(demo, "run_demo", lambda keep: asked.append(keep) or 3)
    assert main(["demo", "--keep", str(tmp_path)]) == 3
    assert asked == [tmp_path]


@pytest.mark.parametrize(("raised", "status"), [(KeyboardInterrupt, INTERRUPTED), (BrokenPipeError, OK)])
def test_an_interrupt_is_one_line_and_a_closed_pipe_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], raised: type[BaseException], status: int
) -> None:
    def describe() -> None:
        raise raised

    monkeypatch.setattr(model_command, "describe_models", describe)
    assert main(["model"]) == status
    err = capsys.readouterr().err
    assert err == ("compiled-ai: interrupted; what was approved before is kept.\n" if status else "")
