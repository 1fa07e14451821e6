"""How a worker ended, told from outside: by the kernel, or by the limit for which it had to be killed."""

from __future__ import annotations

import signal
from typing import Final

from pytest_compiled_ai.errors import CompiledAIError

_CRASHES: Final = {"SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP"}


class WorkerDied(CompiledAIError):
    """A worker ended, or had to be killed, before it had answered.

    `reason` is a predicate of the body, as in "ran longer than 10 s"; `hostile` says that the kernel killed it for a
    system call that no honest body makes.
    """

    def __init__(self, reason: str, *, hostile: bool = False) -> None:
        super().__init__(f"the body {reason}")
        self.reason = reason
        self.hostile = hostile


def describe_death(status: str, otherwise: str) -> WorkerDied:
    """Return how a worker ended, from the zygote's words; `otherwise` is the reason for one that we killed."""
    kind, _, number = status.partition(" ")
    if kind == "exit":
        return WorkerDied(f"left with exit status {number}")
    name = _signal_name(int(number))
    if name == "SIGSYS":
        return WorkerDied("made a forbidden system call (SIGSYS)", hostile=True)
    if name in _CRASHES:
        return WorkerDied(f"crashed with {name}")
    if name == "SIGXCPU":
        return WorkerDied("used too much processor time")
    return WorkerDied(otherwise if name == "SIGKILL" else f"was ended by {name}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
