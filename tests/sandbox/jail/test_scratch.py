from __future__ import annotations

import os

import pytest

from pytest_compiled_ai.sandbox.jail import scratch as module
from pytest_compiled_ai.sandbox.jail.removal import remove
from pytest_compiled_ai.sandbox.jail.scratch import ENDLESS, Scratch


def test_it_is_private_and_gone_afterwards() -> None:
    with Scratch() as scratch:
        assert {path.name for path in scratch.root.iterdir()} == {"tmp", "home", "given"}
        assert {path.stat().st_mode & 0o777 for path in scratch.root.iterdir()} == {0o700}
    assert not scratch.root.exists()


def test_it_is_gone_after_an_error() -> None:
    with pytest.raises(KeyboardInterrupt), Scratch() as scratch:
        raise KeyboardInterrupt
    assert not scratch.root.exists()


def test_the_childs_own_folders_are_measured() -> None:
    with Scratch() as scratch:
        assert scratch.measure(entries=10) == 0
        (scratch.tmp / "a").mkdir()
        (scratch.tmp / "a" / "b").write_bytes(b"x" * 100_000)
        (scratch.given / "c").write_bytes(b"x" * 900_000)
        (scratch.home / "link").symlink_to(scratch.given / "c")
        assert 100_000 <= scratch.measure(entries=10) < 200_000
        assert scratch.measure(entries=2) == ENDLESS


def test_a_sparse_file_takes_no_room() -> None:
    with Scratch() as scratch:
        with (scratch.tmp / "sparse").open("wb") as file:
            file.truncate(1 << 30)
        assert scratch.measure(entries=10) < 1 << 20


def test_what_vanishes_while_it_is_measured_counts_for_nothing(monkeypatch) -> None:
    with Scratch() as scratch:
        scratch.home.rmdir()
        assert scratch.measure(entries=10) == 0


def test_links_are_not_followed_and_no_mode_or_depth_stops_it(tmp_path) -> None:
    keep = tmp_path / "keep"
    keep.mkdir(mode=0o750)
    (keep / "file").write_text("kept")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(keep)
    (folder / "closed").mkdir()
    (folder / "closed" / "link").symlink_to(keep / "file")
    (folder / "closed").chmod(0)
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("deep", dir_fd=here)
        inner = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    remove(folder)
    assert not folder.exists()
    assert (keep / "file").read_text() == "kept"
    assert keep.stat().st_mode & 0o777 == 0o750


def test_a_path_too_deep_to_look_into_is_endless(monkeypatch) -> None:
    with Scratch() as scratch:
        inner = scratch.tmp / ("x" * 250)
        inner.mkdir()
        monkeypatch.setattr(module.os, "fspath", lambda path: f"{path}/{'/'.join(['x' * 250] * 20)}")
        assert scratch.measure(entries=10) == ENDLESS
