"""Plain `pytest` on a compiled project, against the same tests on hand-written functions without the plugin."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scale.project import Shape
from benchmarks.scale.timing import PYTEST, Row, compare, run
from benchmarks.startup import Cost

WITHOUT = ("-p", "no:compiled_ai")
AGAINST = "the tests on hand-written functions"


def measure_plain(project: Path, twin: Path, shape: Shape, pairs: int) -> Iterator[Row]:
    """Yield the row of a later run, with bytecode at hand, and that of a first one, as in CI."""
    later = (functools.partial(run, PYTEST, project), functools.partial(run, [*PYTEST, *WITHOUT], twin))
    first = (functools.partial(_run_first, project), functools.partial(_run_first, twin, *WITHOUT))
    for action in later:
        action()
    yield compare("plain pytest, a later run", AGAINST, later, **shape._asdict(), pairs=pairs)
    yield compare("plain pytest, the first run", AGAINST, first, **shape._asdict(), pairs=pairs)


def _run_first(folder: Path, *flags: str) -> Cost:
    for cache in list(folder.rglob("__pycache__")):
        shutil.rmtree(cache)
    return run([*PYTEST, *flags], folder)
