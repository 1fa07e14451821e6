"""What runs bodies: `verify`, and `pytest --compile-ai` with all specs fresh, with one stale, and with all missing."""

from __future__ import annotations

import functools
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scale.project import Shape, write_specs
from benchmarks.scale.timing import COMPILED_AI, PYTEST, Row, compare, run
from benchmarks.startup import Cost
from pytest_compiled_ai.testing import serve_replies

COMPILING = (*PYTEST, "--compile-ai")
# A script's answers must not come from what an earlier run was told.
NO_REPLIES = {"COMPILED_AI_REPLIES": "/dev/null/replies"}


def measure_compiling(project: Path, shape: Shape, pairs: int) -> Iterator[Row]:
    """Yield the rows; those of `verify` and of the whole compile are of one pair: each run takes minutes."""
    plain = functools.partial(run, PYTEST, project)
    fresh = functools.partial(run, COMPILING, project)
    verify = functools.partial(run, [*COMPILED_AI, "verify"], project)
    stale = functools.partial(_run_stale, project, itertools.count())
    missing = functools.partial(_run_missing, project.parent / "missing", shape)
    size = shape._asdict()
    fresh()
    yield compare("pytest --compile-ai, all fresh", "plain pytest", (fresh, plain), **size, pairs=pairs)
    yield compare("pytest --compile-ai, one stale", "all fresh", (stale, fresh), **size, pairs=pairs)
    yield compare("compiled-ai verify", "plain pytest", (verify, plain), **size, pairs=1)
    yield compare("pytest --compile-ai, all missing", "compiled-ai verify", (missing, verify), **size, pairs=1)


def _run_stale(project: Path, numbers: Iterator[int]) -> Cost:
    """Change a docstring: the body still passes, so it is judged and stamped anew, and no model is asked."""
    path = project / "specs/part_0000.py"
    text = path.read_text(encoding="utf-8")
    begin, found, end = text.partition("Multiply a value by ")
    factor, _, rest = end.partition(",")
    changed = f"{begin}{found}{factor.split()[0]}  ({next(numbers)} times asked),{rest}"
    path.write_text(changed, encoding="utf-8")
    return run(COMPILING, project)


def _run_missing(root: Path, shape: Shape) -> Cost:
    """Compile all from nothing; an endpoint on loopback says what is right."""
    shutil.rmtree(root, ignore_errors=True)
    replies = [f"```python\n{example.function}```" for example in shape.examples]
    with serve_replies(*replies) as endpoint:
        write_specs(root, shape, endpoint.url)
        return run(COMPILING, root, {"OPENAI_API_KEY": "none", **NO_REPLIES})
