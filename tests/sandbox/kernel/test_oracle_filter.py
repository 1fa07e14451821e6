"""The oracle may fork, and nothing more than a jailed process beside that."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest

from pytest_compiled_ai.sandbox.jail.grants import machine_grants, search_path
from pytest_compiled_ai.sandbox.jail.job import Job
from pytest_compiled_ai.sandbox.jail.process import run
from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.kernel import syscalls
from pytest_compiled_ai.sandbox.kernel.filter import ALLOW, KILL, REFUSE
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.kernel.oracle_filter import build

CODE = """
import os, signal, socket, subprocess, sys, threading

def attempt(act):
    try:
        return act()
    except OSError as error:
        return type(error).__name__

def fork():
    pid = os.fork()
    if not pid:
        signal.pause()
    os.kill(pid, signal.SIGTERM)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

print("fork", attempt(fork))
print("socket", attempt(socket.socket))
print("program", attempt(lambda: subprocess.run([sys.executable, "-c", ""])))
print("secret", attempt(lambda: open(SECRET)))
thread = threading.Thread(target=lambda: print("thread"))
thread.start()
thread.join()
import ctypes
print("namespace", ctypes.CDLL(None).syscall(56 if os.uname().machine == "x86_64" else 220, 0x10000000 | 17, 0, 0, 0, 0))
sys.stdout.flush()
signal.pthread_kill(threading.get_ident(), signal.SIGKILL)
"""


@pytest.mark.usefixtures("sealed")
def test_what_the_oracle_may_do(project, tmp_path) -> None:
    (tmp_path / "secret").write_text("secret")
    with Scratch() as scratch:
        (scratch.given / "trusted.py").write_text(f"SECRET = {str(tmp_path / 'secret')!r}\n{CODE}")
        job = Job(
            module="trusted",
            folder=scratch.tmp,
            scratch=scratch,
            path=(str(scratch.given), *search_path(project, scratch.given)),
            grants=machine_grants(project),
            limits=Limits(startup=20.0),
            forks=True,
        )
        outcome = run(job)
    refused = "PermissionError"
    assert outcome.output.splitlines() == [
        "fork -15",
        f"socket {refused}",
        f"program {refused}",
        f"secret {refused}",
        "thread",
        "namespace -1",
    ]
    assert outcome.returncode == -9


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_what_is_killed_and_refused_in_the_jail_is_here_too(machine) -> None:
    numbers = syscalls.numbers(machine)
    program = build(machine, os.getpid())
    verdicts = {
        operand: returned
        for (code, yes, no, operand), (following, _, _, returned) in pairwise(program)
        if (code, yes, no, following) == (0x15, 0, 1, 0x06)
    }
    assert {verdicts[numbers[name]] for name in syscalls.HOSTILE if name in numbers} == {KILL}
    assert {verdicts[numbers[name]] for name in syscalls.HARMLESS if name in numbers} == {ALLOW}
    assert verdicts[numbers["kill"]] == ALLOW
    assert program[-1][3] == REFUSE
    assert max(jump for _, yes, no, _ in program for jump in (yes, no)) < 256
