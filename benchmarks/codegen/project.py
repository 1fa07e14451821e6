"""Problems as a project on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.codegen.problems import Problem

GENERATED = "src/generated"
_PYPROJECT = """[project]
name = "problems"
version = "0"
requires-python = ">=3.11"

[tool.compiled-ai]
{settings}

[tool.pytest.ini_options]
pythonpath = ["src", "."]
"""


def write_project(root: Path, problems: Sequence[Problem], settings: Mapping[str, str | float]) -> None:
    """Write the problems' specs to a project and remove all other specs from it; none of them has a body yet.

    Args:
        root: the project's folder; the artifacts of other problems stay in it.
        problems: what to write.
        settings: keys of [tool.compiled-ai].
    """
    (root / "specs").mkdir(parents=True, exist_ok=True)
    for old in (root / "specs").glob("*.py"):
        old.unlink()
    # A string, a whole number or a fraction is written alike in JSON and in TOML.
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    (root / "pyproject.toml").write_text(_PYPROJECT.format(settings="\n".join(lines)), encoding="utf-8")
    for problem in problems:
        (root / "specs" / f"{problem.name}.py").write_text(problem.spec, encoding="utf-8")
        write_files(root, problem)
        # A run that was broken off may have left a body, and no line about it.
        body_path(root, problem).unlink(missing_ok=True)


def write_files(folder: Path, problem: Problem) -> None:
    """Write the modules that a problem's spec imports."""
    for name, text in problem.files.items():
        (folder / name).write_text(text, encoding="utf-8")


def body_path(root: Path, problem: Problem) -> Path:
    """Return where a problem's accepted body lies."""
    return root / GENERATED / f"{problem.name}.py"
