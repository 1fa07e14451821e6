from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_compiled_ai.commands import demo
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.providers.model_files import FOLDER_VARIABLE


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not empty; name a new folder for the demo"):
        demo.run_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_a_model_it_ends_with_pytests_own_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "no-models"))
    folder = tmp_path / "new" / "demo"
    assert demo.run_demo(folder) == pytest.ExitCode.USAGE_ERROR
    assert (folder / "specs" / "names.py").is_file()
    assert not (folder / "src" / "generated").exists()


def test_it_shows_the_spec_the_diff_and_two_runs(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A stand-in writes the artifact here; tests/test_real_model.py compiles with a model."""
    program = (
        "import os, pathlib, sys; p = pathlib.Path('src/generated'); p.mkdir(parents=True, exist_ok=True); "
        "compiling = '--compile-ai' in sys.argv; "
        "compiling and (p / 'names.py').write_text('def initials(): ...\\n'); "
        f"print('compiled' if compiling else 'plain', os.environ.get({FOLDER_VARIABLE!r}, ''), flush=True)"
    )
    real = demo.subprocess.run

    def run(command: list[str], **options: object) -> object:
        return real([sys.executable, "-c", program, *command[3:]], **options)  # type: ignore[call-overload]

    monkeypatch.setenv(FOLDER_VARIABLE, "here")
    monkeypatch.setattr(demo.subprocess, "run", run)
    assert demo.run_demo(None) == 0
    out = capfd.readouterr().out
    told = ["a fresh project in", "def initials(name: str) -> str:", "compiled here", "+def initials(): ...", "plain /"]
    places = [out.index(text) for text in told]
    assert places == sorted(places)
    assert "/nowhere" in out
    assert not Path(out.partition("a fresh project in ")[2].split()[0]).exists()
