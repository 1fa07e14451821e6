from __future__ import annotations

import threading

import pytest
from filelock import FileLock, Timeout

from pytest_compiled_ai.artifacts.lock import hold_lock, state_folder
from pytest_compiled_ai.errors import ConfigError


def test_the_state_folder_hides_itself_and_keeps_a_gitignore_that_is_there(tmp_path):
    folder = state_folder(tmp_path)
    ignore = folder / ".gitignore"
    assert ignore.read_text().splitlines()[-1] == "*"
    ignore.write_text("mine")
    assert state_folder(tmp_path) == folder
    assert ignore.read_text() == "mine"


def test_a_state_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / ".compiled-ai").touch()
    with pytest.raises(ConfigError, match="cannot be written"):
        state_folder(tmp_path)


def test_a_free_lock_is_held_without_a_word_and_let_go(tmp_path):
    waits = []
    for _ in range(2):
        with hold_lock(tmp_path, lambda: waits.append(1)):
            assert (tmp_path / ".compiled-ai" / "lock").exists()
    assert waits == []


def test_a_held_lock_is_waited_for_and_then_given_up(tmp_path):
    waits = []
    held = FileLock(state_folder(tmp_path) / "lock", is_singleton=False)
    with (
        held,
        pytest.raises(ConfigError, match="another compile still holds"),
        hold_lock(tmp_path, lambda: waits.append(1), seconds=0.05),
    ):
        pytest.fail("two hold the lock")
    assert waits == [1]


def test_a_lock_that_is_let_go_meanwhile_is_held(tmp_path):
    held = FileLock(state_folder(tmp_path) / "lock", is_singleton=False, thread_local=False)
    held.acquire()
    release = threading.Timer(0.1, held.release)
    with hold_lock(tmp_path, release.start, seconds=10):
        release.join()
        with pytest.raises(Timeout):
            held.acquire(timeout=0)
