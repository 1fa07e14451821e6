from __future__ import annotations

import errno
import os

import pytest

from pytest_compiled_ai.sandbox.kernel import libc, privileges
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.kernel.syscalls import numbers


@pytest.mark.skipif(libc.machine() is None, reason="the numbers of this machine's system calls are not known")
def test_a_refused_call_is_an_error() -> None:
    with pytest.raises(OSError, match="not implemented") as caught:
        libc.syscall(100_000, 1, b"text")
    assert caught.value.errno == errno.ENOSYS


@pytest.mark.skipif(libc.machine() is None, reason="prctl is Linux's own")
def test_an_unknown_attribute_is_an_error() -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        libc.prctl(100_000, 0)


@pytest.mark.skipif(libc.machine() is None, reason="the numbers of this machine's system calls are not known")
def test_a_call_returns_its_result() -> None:
    assert libc.syscall(numbers(str(libc.machine()))["getpid"]) == os.getpid()
    timer_slack = 29
    libc.prctl(timer_slack, 0)


@pytest.mark.parametrize(("system", "name"), [("linux", "riscv64"), ("darwin", "x86_64")])
def test_an_unknown_machine_is_none(monkeypatch, system, name) -> None:
    monkeypatch.setattr("platform.machine", lambda: name)
    monkeypatch.setattr("sys.platform", system)
    assert libc.machine() is None
    privileges.drop()
    if system == "darwin":
        privileges.die_with(1)


@pytest.mark.usefixtures("sealed")
def test_the_kernel_keeps_the_limits(jailed) -> None:
    code = """
    import resource as r
    print([r.getrlimit(w)[1] for w in (r.RLIMIT_AS, r.RLIMIT_FSIZE, r.RLIMIT_NOFILE, r.RLIMIT_CORE)])
    print(r.getrlimit(r.RLIMIT_CPU)[1] >= 6)
    """
    limits = Limits(startup=4.0, wall=1.0, memory=1 << 30, file_size=12345, open_files=99)
    assert jailed(code, limits).output.splitlines() == ["[1073741824, 12345, 99, 0]", "True"]
