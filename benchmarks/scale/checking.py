"""`compiled-ai check` on a project that is all fresh, against a process that hashes the same files."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scale.project import Shape
from benchmarks.scale.timing import COMPILED_AI, Row, compare, run

HASHING = """
import hashlib, os
for folder in ("specs", "src/generated"):
    for entry in os.scandir(folder):
        if entry.name.endswith((".py", ".json")):
            with open(entry.path, "rb") as file:
                hashlib.sha256(file.read()).hexdigest()
"""


def measure_check(project: Path, shape: Shape, pairs: int) -> Iterator[Row]:
    """Yield the row of a check; it keeps nothing, so that each run is as cold as the first one."""
    check = functools.partial(run, [*COMPILED_AI, "check"], project)
    hashing = functools.partial(run, [sys.executable, "-c", HASHING], project)
    check()
    yield compare("compiled-ai check", "hashing the same files", (check, hashing), **shape._asdict(), pairs=pairs)
