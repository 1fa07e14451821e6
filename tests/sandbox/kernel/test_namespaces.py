from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from pytest_compiled_ai.sandbox.kernel import namespaces

CODE = """
import os
from pathlib import Path
from pytest_compiled_ai.sandbox.kernel import namespaces
user = os.geteuid()
entered = namespaces.enter()
child = os.fork()
if child == 0:
    links = sorted(os.readlink(f"/proc/self/ns/{name}") for name in ("net", "ipc", "uts", "mnt"))
    print(entered, os.getpid(), os.geteuid() == user, Path("/proc/net/dev").read_text().count(":"), flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""


def test_a_process_in_namespaces_is_alone() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True)
    entered, pid, same_user, _ = done.stdout.split()
    assert same_user == "True" or entered == "True"
    assert (entered, pid) == ("True", "1") or entered == "False"


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOSPC, errno.EINVAL])
def test_namespaces_that_are_not_allowed_are_done_without(monkeypatch, code) -> None:
    def refuse(number, flags):
        raise OSError(code, "no")

    monkeypatch.setattr(namespaces, "syscall", refuse)
    assert not namespaces.enter()


def test_an_unknown_machine_has_none(monkeypatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert not namespaces.enter()


@pytest.mark.parametrize(("is_root", "refused"), [(True, False), (False, True), (False, False)])
def test_root_keeps_its_users(monkeypatch, is_root, refused) -> None:
    asked, maps = [], {}

    def unshare(number, flags):
        asked.append(bool(flags & namespaces._USERS))
        if not is_root and not asked[-1]:
            raise PermissionError

    class Folder:
        def __init__(self, *parts):
            self.name = parts[-1]

        def write_text(self, text, encoding):
            maps[self.name] = text
            if self.name == "uid_map" and refused:
                raise PermissionError

    monkeypatch.setattr(namespaces, "syscall", unshare)
    monkeypatch.setattr(namespaces, "Path", Folder)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("os.getegid", lambda: 1000)
    assert namespaces.enter()
    assert asked == ([False] if is_root else [False, True])
    assert maps == (
        {}
        if is_root
        else {"setgroups": "deny", "uid_map": "1000 1000 1", **({} if refused else {"gid_map": "1000 1000 1"})}
    )
