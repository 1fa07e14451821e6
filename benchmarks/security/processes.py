"""This process's descendants, orphans among them: how many there are, and what they take."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_PR_SET_CHILD_SUBREAPER: Final = 36
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TICK: Final = 0.2
PROCESSES, THREADS, MEMORY, DISK = 40, 200, 3 << 30, 400 << 20
"""What honest runs stay far below, and the limits of both tiers as well."""


def adopt_orphans(*, adopt: bool = True) -> None:
    """Have this process be the parent of every descendant whose own parent is gone, or not any more."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)


def find_descendants() -> dict[int, tuple[int, int]]:
    """Return the descendants that live, each with its threads and its bytes of memory."""
    parents, found = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] not in "ZX":
                parents[int(entry.name)] = int(fields[1])
                found[int(entry.name)] = int(fields[17]), int(fields[21]) * _PAGE
    return {pid: found[pid] for pid in found if os.getpid() in _ancestors(pid, parents)}


def _ancestors(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid := parents.get(pid, 0):
        yield pid


class Crowd:
    """Watches, from a thread of its own, how many descendants there are and what they take, until it is closed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.reset()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """Forget what was seen."""
        self._most = dict.fromkeys(("processes", "threads", "memory", "disk"), 0)

    def excesses(self) -> Iterator[str]:
        """Yield what was too much since the last `reset`."""
        allowed = {"processes": PROCESSES, "threads": THREADS, "memory": MEMORY, "disk": DISK}
        yield from (f"took too much: {name} {self._most[name]}" for name in allowed if self._most[name] > allowed[name])

    def close(self) -> None:
        """End the watch."""
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_TICK):
            found = find_descendants().values()
            seen = {
                "processes": len(found),
                "threads": sum(threads for threads, _ in found),
                "memory": sum(memory for _, memory in found),
                "disk": sum(_sizes(self._folder)),
            }
            self._most = {name: max(value, seen[name]) for name, value in self._most.items()}


def _sizes(folder: Path) -> Iterator[int]:
    for path, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                yield Path(path, name).lstat().st_blocks * 512
