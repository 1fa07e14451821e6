"""Seal this process for the rest of its life: two pipes, a processor and some memory are all that is left to it."""

from __future__ import annotations

import fcntl
import io
import os
import resource  # noqa: F401 (to have it in memory before the fork)
import signal
import sys
from pathlib import Path
from typing import Final

from pytest_compiled_ai.sandbox.kernel import landlock, privileges, rlimits, seccomp
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.kernel.rights import Grants
from pytest_compiled_ai.sandbox.kernel.seal import Seal
from pytest_compiled_ai.sandbox.kernel.sealed_filter import build_sealed

REQUESTS: Final = 3
REPLIES: Final = 4
_BEHIND: Final = REPLIES + 1


class Sink(io.TextIOBase):
    """Takes what is printed and keeps nothing."""

    def writable(self) -> bool:
        """Say that it may be printed to."""
        return True

    def write(self, text: str) -> int:
        """Drop the text."""
        return len(text)


def close(requests: int, replies: int, *, parent: int, limits: Limits, namespaces: bool) -> Seal:
    """Keep the two pipes, as `REQUESTS` and `REPLIES`, give up everything else, and say by what means.

    `limits.memory` counts from what the process has now.

    Raises:
        OSError: the kernel has one of the mechanisms and refused it.
    """
    privileges.die_with(parent)
    _keep(requests, replies)
    rlimits.apply(limits)
    privileges.drop()
    abi = landlock.restrict(Grants())
    filtered = seccomp.install(os.getpid(), build_sealed)
    return Seal(namespaces=namespaces, landlock=abi, seccomp=filtered)


def room_of(process: Path = Path("/proc/self/statm")) -> int:
    """Return the bytes of address space that this process has, 0 where it cannot be told."""
    try:
        return int(process.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _keep(requests: int, replies: int) -> None:
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    sys.stdin = sys.__stdin__ = None  # type: ignore[misc]
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Sink()  # type: ignore[assignment,misc]
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 2 * _BEHIND) for descriptor in (requests, replies)]
    for old, new in zip(high, (REQUESTS, REPLIES), strict=True):
        os.dup2(old, new)
    os.closerange(0, REQUESTS)
    os.closerange(_BEHIND, os.sysconf("SC_OPEN_MAX"))
