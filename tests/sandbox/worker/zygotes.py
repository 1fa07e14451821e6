"""Zygotes and workers for tests."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from pytest_compiled_ai.sandbox.worker.zygote import Zygote

HEADER = "import asyncio, ctypes, gc, os, random, re, signal, socket, sys, threading, time, mmap\n"


def start(header: str = HEADER, **options) -> Zygote:
    """Start a zygote whose artifact is `generated.sample`."""
    given = {"module": "generated.sample", "filename": "src/generated/sample.py", "path": sys.path, "modules": ()}
    return Zygote(header=header, **{**given, **options})


def program(code: str) -> str:
    """Return an artifact with the usual imports."""
    return HEADER + textwrap.dedent(code)


def processes(folder: Path = Path("/proc")) -> set[tuple[int, int]]:
    """Return the id and the group of each process that is not a zombie."""
    found = set()
    for entry in folder.iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] not in "ZX":
                found.add((int(entry.name), int(fields[2])))
    return found


def members(group: int) -> set[int]:
    """Return the processes of a group."""
    return {pid for pid, of in processes() if of == group}


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
