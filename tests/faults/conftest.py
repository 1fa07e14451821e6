"""Projects that a fault comes over, and what a killed compile leaves of folders and processes."""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from doubles import NearRunner, NoMypy
from fault_ground import Ground

from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier

_SUBREAPER = 36


@pytest.fixture(autouse=True)
def _untyped(untyped: None) -> None:
    """Do without mypy."""


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the tests in this process: for faults that have nothing to do with the jail."""
    monkeypatch.setattr(workshop, "TieredRunner", NearRunner)


@pytest.fixture
def sealed() -> None:
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")


@pytest.fixture(scope="session")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with all three bodies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "MypyProcess", NoMypy)
        patch.setattr(workshop, "TieredRunner", NearRunner)
        ground = Ground.make(tmp_path_factory.mktemp("faults") / "project")
        assert not ground.compile().failed
    return ground.root


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """Return a project with no body yet."""
    return Ground.make(tmp_path / "project").remember()


@pytest.fixture
def compiled(tmp_path: Path, compiled_once: Path) -> Ground:
    """Return a project with all three bodies."""
    return Ground(shutil.copytree(compiled_once, tmp_path / "project")).remember()


class Remains:
    """The folders and processes that compiles of this test have left."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self._before = self._orphans()

    @property
    def folders(self) -> list[str]:
        return sorted(path.name for path in self.scratch.iterdir())

    def processes(self) -> set[int]:
        """Return what is alive after a while; what was killed goes when the kernel gets to it."""
        deadline = time.monotonic() + 20
        while (alive := self._orphans() - self._before) and time.monotonic() < deadline:
            time.sleep(0.02)
        return alive

    def _orphans(self) -> set[int]:
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else ["Z"]
                if fields[0] not in "ZX":
                    parents[int(entry.name)] = int(fields[1])
        found, last = {os.getpid()}, set()
        while found != last:
            last, found = found, found | {pid for pid, parent in parents.items() if parent in found}
        return found - {os.getpid()}


@pytest.fixture
def remains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remains]:
    """Have every temporary folder made in one place, and every orphan become this process's child."""
    detect_sealed_tier()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    prctl: Callable[..., int] = ctypes.CDLL(None).prctl
    prctl(_SUBREAPER, 1, 0, 0, 0)
    try:
        yield Remains(scratch)
    finally:
        prctl(_SUBREAPER, 0, 0, 0, 0)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
