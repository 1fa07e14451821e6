"""A machine that gives no more room, lets nothing be written or locked, or kills what a compile has started."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fault_ground import Ground, NamedProvider, Silent, assert_finished, assert_sound, fail_as, in_child
from fault_mounts import fill, in_own_mounts, mount_read_only, mount_small

from pytest_compiled_ai.artifacts import lock, plan
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.errors import ConfigError, HarnessError
from pytest_compiled_ai.sandbox.oracle.process import OracleProcess

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:asyncio", "specs")


def messages(ground: Ground) -> str:
    report = ground.compile()
    assert report.failed
    return "\n".join(result.message for result in report.results)


@pytest.mark.usefixtures("near")
def test_a_full_disk(compiled: Ground, tmp_path: Path) -> None:
    compiled.change("second")
    folder, after = compiled.artifact.parent, tmp_path / "after"

    def run() -> None:
        mount_small(folder, pages=32)
        fill(folder)
        said = messages(compiled)
        assert "No space left on device" in said
        assert "number.provenance.json cannot be written" in said
        (folder / "ballast").unlink()
        shutil.copytree(folder, after)

    in_own_mounts(run)
    shutil.rmtree(folder)
    after.rename(folder)
    assert compiled.tree() == compiled.before
    assert_sound(compiled)
    assert_finished(compiled)


@pytest.mark.usefixtures("near")
def test_a_full_disk_of_temporary_files(compiled: Ground, remains) -> None:
    compiled.change("second")

    def run() -> None:
        mount_small(remains.scratch, pages=1)
        fill(remains.scratch)
        with pytest.raises(HarnessError, match="No space left on device") as caught:
            compiled.compile()
        assert "\n" not in str(caught.value)
        assert [path.name for path in remains.scratch.iterdir()] == ["ballast"]

    in_own_mounts(run)
    assert compiled.tree() == compiled.before
    assert_finished(compiled)


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("place", ["src/generated", "src", "."])
def test_a_tree_that_can_only_be_read(compiled: Ground, place: str) -> None:
    compiled.change("second")

    def run() -> None:
        mount_read_only(compiled.root / place)
        with pytest.raises(ConfigError, match="cannot be written") as caught:
            compiled.compile()
        assert "Read-only file system" in str(caught.value)
        assert compiled.provider.asked == []
        assert "second is stale" in compiled.check()[1]

    in_own_mounts(run)
    assert compiled.tree() == compiled.before
    assert_finished(compiled)


def test_a_plain_run_needs_no_write(compiled: Ground) -> None:
    def run() -> None:
        mount_read_only(compiled.root)
        done = subprocess.run([sys.executable, *PYTEST], cwd=compiled.root, capture_output=True, text=True)
        assert (done.returncode, "3 passed" in done.stdout) == (0, True), done.stdout

    in_own_mounts(run)


@pytest.mark.usefixtures("near")
def test_files_that_may_not_grow(compiled: Ground) -> None:
    compiled.change("second")

    def run() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        with pytest.raises(HarnessError, match="File too large"):
            compiled.compile()

    assert in_child(run) == 0
    assert compiled.tree() == compiled.before
    assert_finished(compiled)


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO], ids=errno.errorcode.get)
@pytest.mark.parametrize("nth", [1, 2], ids=["record", "artifact"])
def test_a_write_that_fails(compiled: Ground, monkeypatch, code: int, nth: int) -> None:
    compiled.change("second")
    calls, sync = [], os.fsync
    fail = fail_as(code)
    monkeypatch.setattr(plan.os, "fsync", lambda fd: (calls.append(fd), fail() if len(calls) == nth else sync(fd)))
    assert os.strerror(code) in messages(compiled)
    assert compiled.artifact.read_bytes() == compiled.before["src/generated/number.py"]
    assert plan.find_leftovers(compiled.root / "src") == ()
    assert_sound(compiled)
    assert_finished(compiled)


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("error", [OSError(errno.ENOLCK, "No locks available"), NotImplementedError("no flock here")])
def test_a_project_that_cannot_be_locked(ground: Ground, monkeypatch, error: Exception) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(lock.FileLock, "acquire", refuse)
        with pytest.raises(ConfigError, match="cannot be locked"):
            ground.compile()
    assert ground.provider.asked == []
    assert_finished(ground)


@pytest.mark.usefixtures("near")
def test_a_machine_that_refuses_in_the_middle_of_a_spec(compiled: Ground, monkeypatch) -> None:
    compiled.change("second", "third")
    with monkeypatch.context() as patch:
        patch.setattr(NamedProvider, "complete", fail_as(errno.ENOMEM))
        assert messages(compiled).count("this machine failed (Cannot allocate memory: somewhere)") == 2
    assert compiled.tree() == compiled.before
    assert_finished(compiled)


class Deadly(NamedProvider):
    """Kills, at a question, what the compile has started."""

    def __init__(self, remains, versions) -> None:
        super().__init__(versions)
        self._remains, self.killed = remains, 0

    def complete(self, request, on_token=None):
        if len(self.asked) == 1:
            for process in self._remains._orphans() - self._remains._before:
                os.kill(process, signal.SIGKILL)
                self.killed += 1
        return super().complete(request, on_token)


@pytest.mark.usefixtures("sealed")
def test_workers_and_oracle_are_killed_between_two_bodies(compiled: Ground, remains, request) -> None:
    compiled.change("second")
    model = Deadly(remains, compiled.versions)

    report = Compiler(compiled.project, lambda: (model,), Silent()).compile()
    assert model.killed >= 2
    # A run may still have been on with the other hash seed: then it is the machine's fault, and said to be.
    failed = [result.message for result in report.results if result.outcome == "failed"]
    assert all(message.startswith(("sandbox: ", "oracle: ")) for message in failed), failed
    assert_sound(compiled)
    assert remains.folders == []
    assert remains.processes() == set()
    request.getfixturevalue("near")
    assert_finished(compiled)


@pytest.mark.usefixtures("sealed")
def test_the_oracle_is_killed_in_a_run(compiled: Ground, remains, monkeypatch, request) -> None:
    compiled.change("second")
    hear, calls = OracleProcess._hear, []

    def killed(process, event, limits):
        calls.append(event)
        if calls.count("done") >= 3:
            os.killpg(process._process.pid, signal.SIGKILL)
        return hear(process, event, limits)

    with monkeypatch.context() as patch:
        patch.setattr(OracleProcess, "_hear", killed)
        assert "no candidate is to blame" in messages(compiled)
    assert compiled.tree() == compiled.before
    assert remains.folders == []
    request.getfixturevalue("near")
    assert_finished(compiled)
