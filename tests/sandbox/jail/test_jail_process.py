from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail import process as jail
from pytest_compiled_ai.sandbox.jail import watch
from pytest_compiled_ai.sandbox.jail.grants import machine_grants, search_path
from pytest_compiled_ai.sandbox.jail.job import Job
from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.kernel.rights import Grants


def test_it_returns_what_the_child_says_and_how_it_ended(jailed) -> None:
    code = """
    import os, sys
    os.write(int(os.environ["COMPILED_AI_RECORDS"]), b'{"event": "hello"}\\nno record\\n')
    print("out"); print("err", file=sys.stderr)
    print(sys.stdin.read() == "", os.getcwd() == os.environ["TMPDIR"], hash("a") == hash("a"), sys.dont_write_bytecode)
    sys.exit(7)
    """
    outcome = jailed(code)
    assert (outcome.ending, outcome.returncode, outcome.reason) == ("exited", 7, "")
    assert outcome.records == ({"event": "hello"},)
    assert sorted(outcome.output.splitlines()) == ["True True True True", "err", "out"]
    assert 0 < outcome.seconds < 20


def test_the_environment_is_the_jobs_own(jailed, monkeypatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--boom")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    outcome = jailed("import os; print(*sorted(os.environ))")
    names = "COMPILED_AI_RECORDS HOME LANG PATH PYTHONDONTWRITEBYTECODE PYTHONHASHSEED TMPDIR TZ"
    assert set(outcome.output.split()) - {"LC_CTYPE"} == set(names.split())


def test_the_hash_seed_is_fixed(jailed) -> None:
    code = "print(hash('a'))"
    assert jailed(code).output == jailed(code).output


def test_it_runs_from_any_thread(jailed) -> None:
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(jailed("print('done')")))
    thread.start()
    thread.join()
    assert [outcome.output for outcome in outcomes] == ["done\n"]


def test_an_interrupt_kills_the_child(jailed, monkeypatch) -> None:
    children = []
    spawn = jail.spawn

    def noted(job, sender):
        children.append(spawn(job, sender))
        return children[-1]

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(jail, "spawn", noted)
    monkeypatch.setattr(watch.Watch, "until_end", interrupted)
    with pytest.raises(KeyboardInterrupt):
        jailed("while True: pass")
    assert children[0].returncode == -signal.SIGKILL


def test_a_child_that_cannot_start_is_the_harness_fault(project) -> None:
    with Scratch() as scratch:
        job = Job(module="x", folder=project / "absent", scratch=scratch, path=(), grants=Grants())
        with pytest.raises(SandboxError, match=r"before its jail was closed: FileNotFoundError.*absent"):
            jail.run(job)


def test_a_child_that_cannot_be_spawned_leaves_no_descriptor(project, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", str(project / "absent"))
    before = len(list(Path("/dev/fd").iterdir()))
    with Scratch() as scratch:
        job = Job(module="x", folder=project, scratch=scratch, path=(), grants=Grants())
        with pytest.raises(FileNotFoundError):
            jail.run(job)
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_a_child_that_says_nothing_is_the_harness_fault(project, monkeypatch) -> None:
    monkeypatch.setattr(jail, "_BOOT", "")
    with Scratch() as scratch:
        job = Job(module="x", folder=project, scratch=scratch, path=(), grants=Grants())
        with pytest.raises(SandboxError, match="it said nothing"):
            jail.run(job)


def test_there_is_no_jail_for_windows(jailed, monkeypatch) -> None:
    with Scratch() as scratch:
        job = Job(module="x", folder=Path(), scratch=scratch, path=(), grants=Grants())
        monkeypatch.setattr(sys, "platform", "win32")
        with pytest.raises(SandboxError, match="no jail for Windows"):
            jail.run(job)


def test_a_parent_whose_children_are_reaped_for_it_still_sees_the_end(jailed) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert jailed("print('done')").output == "done\n"
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_modules_and_editable_installs_are_found_in_their_copies(project) -> None:
    moved = project / "copy"
    (moved / "pkg").mkdir(parents=True)
    (moved / "pkg" / "__init__.py").write_text("print('from the copy')")
    (moved / "main.py").write_text("import sys; print(sys.modules['__editable___pkg_finder'].MAPPING)")
    (project / "boot").mkdir()
    boot = project / "boot" / "__editable___pkg_finder.py"
    boot.write_text(f"MAPPING = {{'pkg': {str(project / 'src' / 'pkg')!r}, 'other': '/elsewhere/other'}}")
    with Scratch() as scratch:
        job = Job(
            module="main",
            folder=moved,
            scratch=scratch,
            path=(str(moved), *search_path(project, moved)),
            grants=Grants(readable=(*machine_grants(project).readable, str(moved))),
            moved={str(project / "src"): str(moved)},
        )
        boot_code = jail._BOOT.replace(
            "import sys;", f"import sys; sys.path.insert(0, {str(boot.parent)!r}); import __editable___pkg_finder;"
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jail, "_BOOT", boot_code)
            outcome = jail.run(job)
    assert outcome.output.strip() == str({"pkg": str(moved / "pkg"), "other": "/elsewhere/other"})


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_the_child_dies_with_its_parent(tmp_path) -> None:
    code = """
    from pathlib import Path
    from pytest_compiled_ai.sandbox.jail import process as jail, grants, job, scratch
    with scratch.Scratch() as s:
        (s.given / "loop.py").write_text("print(1)\\nwhile True: pass")
        path = (str(s.given), *grants.search_path(Path("/nowhere"), s.given))
        jail.run(job.Job(module="loop", folder=s.tmp, scratch=s, path=path, grants=grants.machine_grants(Path("/nowhere"))))
    """
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], env=env)
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    try:
        child = _awaited(lambda: children.read_text().split())[0]
    finally:
        parent.kill()
        parent.wait()
    assert _awaited(lambda: not Path(f"/proc/{child}").exists() or _is_zombie(child))


def _is_zombie(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _awaited(condition):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("waited in vain")
