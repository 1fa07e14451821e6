from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest
from tiny_models import CONTENT, Tally, make_entry

from pytest_compiled_ai.errors import ConfigError, ModelFileError
from pytest_compiled_ai.providers import catalogue, model_files
from pytest_compiled_ai.providers.catalogue import Entry
from pytest_compiled_ai.providers.model_files import (
    FOLDER_VARIABLE,
    find_model,
    models_folder,
    partial_path,
    status,
    verify,
)


def put(models: Path, entry: Entry, content: bytes = CONTENT) -> Path:
    models.mkdir(exist_ok=True)
    path = models / entry.file
    path.write_bytes(content)
    return path


def test_the_folder_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert models_folder() == platformdirs.user_cache_path("compiled-ai") / "models"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, "here")
    assert models_folder() == tmp_path / "here"


def test_absent_then_partial(models: Path, entry: Entry) -> None:
    assert status(entry).state == "absent"
    models.mkdir()
    partial_path(models / entry.file).write_bytes(b"123")
    found = status(entry)
    assert (found.state, found.size, found.path) == ("partial", 3, models / entry.file)


def test_verified_until_the_file_changes(models: Path, entry: Entry) -> None:
    path = put(models, entry)
    assert status(entry).state == "unverified"
    tally = Tally()
    verify(path, entry, tally)
    assert (tally.done, tally.total) == (entry.size, entry.size)
    assert status(entry).state == "verified"
    os.utime(path, ns=(1, 1))
    assert status(entry).state == "unverified"


def test_a_wrong_size_is_damage(models: Path, entry: Entry) -> None:
    put(models, entry, CONTENT[:-1])
    assert status(entry).state == "damaged"


def test_a_wrong_byte_is_damage_and_remembered(models: Path, entry: Entry) -> None:
    path = put(models, entry, b"!" + CONTENT[1:])
    with pytest.raises(ModelFileError, match=r"this is not tiny: its SHA-256 is .*`compiled-ai model prepare` fetches"):
        verify(path, entry)
    assert status(entry).state == "damaged"


def test_an_unreadable_file_is_one_line(models: Path, entry: Entry) -> None:
    with pytest.raises(ModelFileError, match="the model cannot be read: No such file"):
        verify(models / entry.file, entry)


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"sha256": 3}'])
def test_a_strange_marker_is_no_marker(models: Path, entry: Entry, record: str) -> None:
    path = put(models, entry)
    verify(path, entry)
    path.with_name(f"{path.name}.checked.json").write_text(record, encoding="utf-8")
    assert status(entry).state == "unverified"


def test_verify_does_without_a_marker(models: Path, entry: Entry) -> None:
    path = put(models, entry)
    path.with_name(f"{path.name}.checked.json").mkdir()
    verify(path, entry)
    assert status(entry).state == "unverified"


def test_find_checks_what_it_finds_once(models: Path, entry: Entry) -> None:
    path = put(models, entry)
    assert find_model(None) == (entry, path)
    assert status(entry).state == "verified"
    assert find_model("tiny") == (entry, path)


def test_find_refuses_a_damaged_model(models: Path, entry: Entry) -> None:
    put(models, entry, bytes(entry.size))
    with pytest.raises(ModelFileError, match="this is not tiny"):
        find_model(None)
    with pytest.raises(ModelFileError, match=r"tiny is damaged .*; run `compiled-ai model prepare`\."):
        find_model(None)


def test_find_takes_the_next_best(models: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    small = make_entry("small", b"small")
    for module in (catalogue, model_files):
        monkeypatch.setattr(module, "CATALOGUE", (entry, small))
    path = put(models, small, b"small")
    assert find_model(None) == (small, path)
    with pytest.raises(ModelFileError, match="tiny is absent"):
        find_model("tiny")
    path.unlink()
    with pytest.raises(ModelFileError, match=r"small is absent .*; run `compiled-ai model prepare small`\."):
        find_model("small")


def test_find_knows_its_names(entry: Entry) -> None:
    with pytest.raises(ConfigError, match="no model 'other'; known: tiny"):
        find_model("other")
