"""The sealed tier's self-test, run in a worker as a candidate is: try what must not work, and report what did.

Its functions import what they need from the zygote's memory.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import threading
from collections.abc import Callable

_PIPES = {3, 4}
_GIVEN = {"LANG", "LC_CTYPE", "PYTHONHASHSEED", "TZ"}


def find_breaches(private: str) -> list[str]:
    """Return the names of the forbidden acts that succeeded; `private` is the path of a file that exists."""
    acts: dict[str, Callable[[], object]] = {
        "opened a file": lambda: open(private).close(),  # noqa: PTH123, PLW1514
        "looked at a file": lambda: os.stat(private),  # noqa: PTH116
        "wrote a file": lambda: os.open(private, os.O_WRONLY | os.O_TRUNC),
        "deleted a file": lambda: os.unlink(private),  # noqa: PTH108
        "listed a folder": lambda: os.listdir("/"),  # noqa: PTH208
        "read another process": lambda: os.open("/proc/self/environ", os.O_RDONLY),
        "made a pipe": os.pipe,
        "made a pair of sockets": socket.socketpair,
        "made a file in memory": lambda: os.memfd_create("x"),
        "started a process": _fork,
        "started a thread": lambda: threading.Thread(target=int).start(),
        "signalled its parent": lambda: os.kill(os.getppid(), signal.SIGCONT),
        "signalled its group": lambda: os.killpg(0, 0),
        "has a descriptor left": _find_descriptor,
        "has an environment": _find_variable,
    }
    return [name for name, act in acts.items() if _succeeds(act)]


def open_socket() -> None:
    """Open a socket."""
    socket.socket().close()


def run_program() -> None:
    """Become another program."""
    os.execv("/bin/true", ["true"])  # noqa: S606


def trace() -> None:
    """Let the parent trace this process."""
    ctypes.CDLL(None).ptrace(0, 0, 0, 0)


def _succeeds(act: Callable[[], object]) -> bool:
    try:
        act()
    except (OSError, RuntimeError):
        return False
    return True


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _find_descriptor() -> None:
    for number in set(range(1024)) - _PIPES:
        try:
            os.lseek(number, 0, os.SEEK_CUR)
        except OSError as error:
            if error.errno == errno.EBADF:
                continue
        return
    raise FileNotFoundError


def _find_variable() -> None:
    if not set(os.environ) - _GIVEN:
        raise FileNotFoundError
