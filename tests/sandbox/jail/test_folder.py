from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail import folder as module
from pytest_compiled_ai.sandbox.jail.folder import Folder, clear_abandoned

MAKE = """
import os, signal
from pytest_compiled_ai.sandbox.jail.folder import Folder
made = Folder("scratch")
(made.path / "file").write_text("left")
print(made.path, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def names_in(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_it_is_private_and_gone_afterwards(place) -> None:
    with Folder("scratch") as made:
        assert made.path.parent == place
        assert made.path.stat().st_mode & 0o777 == 0o700
        (made.path / "file").touch()
    assert names_in(place) == []
    made.close()


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_has_is_not(place) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MAKE], capture_output=True, text=True, env={**os.environ, "TMPDIR": str(place)}
    )
    assert done.returncode == -signal.SIGKILL
    assert Path(done.stdout.strip()).parent == place
    with Folder("shadow") as own:
        mine = place / "compiled-ai-demo-1"
        mine.mkdir()
        clear_abandoned()
        assert names_in(place) == sorted([own.path.name, mine.name])


def test_nothing_but_folders_of_ours_is_touched(place, monkeypatch) -> None:
    (place / "elsewhere").mkdir()
    (place / "compiled-ai-scratch-link").symlink_to(place / "elsewhere")
    (place / "compiled-ai-scratch-file").touch()
    (place / "compiled-ai-shadow-strangers").mkdir()
    before = names_in(place)
    with monkeypatch.context() as patch:
        patch.setattr(module.os, "geteuid", lambda: 4711)
        clear_abandoned()
    assert names_in(place) == before
    clear_abandoned()
    assert names_in(place) == [name for name in before if name != "compiled-ai-shadow-strangers"]


def test_one_that_is_cleared_away_before_it_is_locked_is_made_again(place, monkeypatch) -> None:
    hold, made = module._hold, []

    def slow(lock: int, *, wait: bool) -> None:
        if not made:
            made.extend(names_in(place))
            (place / made[0]).rmdir()
        hold(lock, wait=wait)

    monkeypatch.setattr(module, "_hold", slow)
    with Folder("zygote") as found:
        assert found.path.exists()
        assert found.path.name not in made


def test_without_locks_nothing_is_cleared_away(place, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with Folder("scratch") as made:
        clear_abandoned()
        assert made.path.exists()


def test_no_room_is_told(place, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place / "none"))
    with pytest.raises(SandboxError, match=r"no folder can be made in .*none \(No such file or directory\); make room"):
        Folder("scratch")
