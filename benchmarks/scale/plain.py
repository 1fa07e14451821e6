"""Plain `pytest` on a compiled project, against the same tests on hand-written functions without the plugin."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scale.project import Shape
from benchmarks.scale.timing import PYTEST, Row, compare, run
from benchmarks.startup import Cost
from pytest_compiled_ai.unchanged import FOLDER_VARIABLE

WITHOUT = ("-p", "no:compiled_ai")
AGAINST = "the tests on hand-written functions"


FORGETFUL = {FOLDER_VARIABLE: "/dev/null/checked"}


def measure_plain(project: Path, twin: Path, shape: Shape, pairs: int) -> Iterator[Row]:
    """Yield the row of a run behind a compile, of a later one that remembers none, and of a first one, as in CI.

    The first two have bytecode at hand. What a compile finds in order a plain run need not look at again.
    """
    known = {FOLDER_VARIABLE: str(project.parent / "checked")}
    by_hand = functools.partial(run, [*PYTEST, *WITHOUT], twin)
    behind = (functools.partial(run, PYTEST, project, known), by_hand)
    later = (functools.partial(run, PYTEST, project, FORGETFUL), by_hand)
    first = (functools.partial(_run_first, project), functools.partial(_run_first, twin, *WITHOUT))
    run([*PYTEST, "--compile-ai"], project, known)
    by_hand()
    yield compare("plain pytest, behind a compile", AGAINST, behind, **shape._asdict(), pairs=pairs)
    yield compare("plain pytest, a later run", AGAINST, later, **shape._asdict(), pairs=pairs)
    yield compare("plain pytest, the first run", AGAINST, first, **shape._asdict(), pairs=pairs)


def _run_first(folder: Path, *flags: str) -> Cost:
    for cache in list(folder.rglob("__pycache__")):
        shutil.rmtree(cache)
    return run([*PYTEST, *flags], folder, FORGETFUL)
