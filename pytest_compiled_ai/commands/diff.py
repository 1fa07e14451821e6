"""`compiled-ai diff`: staged bodies against the tree, or the tree's artifacts against a git revision."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from rich.console import Console

from pytest_compiled_ai.artifacts.module import render_module
from pytest_compiled_ai.artifacts.staged import read_staged
from pytest_compiled_ai.commands.base import OK, read_settings
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.staging import unstage
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.reports.compiled import read_compiled
from pytest_compiled_ai.reports.diff import unified_diff
from pytest_compiled_ai.reports.side_by_side import draw_unified
from pytest_compiled_ai.reports.trees import Snapshot, Tree, find_base, read_text
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.specs.order import compile_order


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    parser.add_argument("spec", metavar="SPEC", nargs="?", help="an id (specs/money.py::parse_amount) or a name")
    parser.add_argument("--base", metavar="REF", help="compare what is written with where HEAD left this git revision")


def run(options: argparse.Namespace) -> int:
    """Print it."""
    project = Project(read_settings())
    chosen = [project.find(options.spec)] if options.spec else list(compile_order(project.files))
    base = find_base(project.config.root, options.base) if options.base else None
    if base is None:
        diffs = diff_staged(project, chosen)
    else:
        diffs = diff_bodies(project, base, chosen) if options.spec else diff_artifacts(project, base)
    console, shown = Console(highlight=False, markup=False), 0
    for diff in filter(None, diffs):
        console.print(draw_unified(diff), soft_wrap=True)
        shown += 1
    if not shown:
        print(f"compiled-ai: {'nothing changed' if base else 'nothing is staged'}", file=sys.stderr)
    return OK


def diff_staged(project: Project, chosen: list[tuple[SpecFile, Stub]]) -> Iterator[str]:
    """Yield what accepting each staged body would change; why one cannot be accepted goes to standard error."""
    root = project.config.root
    for file, stub in chosen:
        if staged := read_staged(root, stub.id):
            try:
                new = render_module(unstage(project, file, stub, staged))
            except SpecError as error:
                print(f"compiled-ai: {error}", file=sys.stderr)
                continue
            yield unified_diff(file.target.relative_to(root).as_posix(), read_text(file.target) or "", new)


def diff_artifacts(project: Project, base: Tree) -> Iterator[str]:
    """Yield how each artifact differs from the base's."""
    root, folder = project.config.root, project.config.generated_root
    here = {path.relative_to(root).as_posix() for path in folder.rglob("*.py")}
    there = {path for path in base.files(project.config.generated) if path.endswith(".py")}
    for path in sorted(here | there):
        yield unified_diff(path, base.read(path) or "", read_text(root / path) or "")


def diff_bodies(project: Project, base: Tree, chosen: list[tuple[SpecFile, Stub]]) -> Iterator[str]:
    """Yield how the bodies of some specs differ from the base's, with the imports and constants that they use."""
    now = Snapshot(root=project.config.root)
    for file, stub in chosen:
        target = file.target.relative_to(project.config.root).as_posix()
        old, new = (read_compiled(tree, target, stub.name).body for tree in (base, now))
        yield unified_diff(target, old, new)
