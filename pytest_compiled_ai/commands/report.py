"""`compiled-ai report`: what a pull request changes in the compiled specs, for those who review it."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from pytest_compiled_ai.commands.base import OK, read_settings
from pytest_compiled_ai.commands.evaluate import add_flags, check_flags, run_evaluation
from pytest_compiled_ai.commands.strength import measure_specs
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.reports.changes import ChangeReport
from pytest_compiled_ai.reports.comparison import compare_trees
from pytest_compiled_ai.reports.github import write_summary
from pytest_compiled_ai.reports.model import Watcher
from pytest_compiled_ai.reports.sinks import FORMATS
from pytest_compiled_ai.reports.trees import find_base, find_prefix
from pytest_compiled_ai.specs.order import compile_order

_NO_BASE = "There is no git revision to compare with, so every spec is listed."


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    parser.add_argument("--format", choices=list(FORMATS), default="markdown", help="its form (default: markdown)")
    parser.add_argument(
        "--base", metavar="REF", help="compare with where HEAD left this git revision (default: the main branch)"
    )
    parser.add_argument("--strength", action="store_true", help="measure what the tests of these specs notice")
    add_flags(parser)


def run(options: argparse.Namespace) -> int:
    """Write it to the standard output; for GitHub also to the summary of the step, where there is one."""
    from pytest_compiled_ai.reports.terminal import TerminalWatcher

    check_flags(options)
    if options.evaluate:
        return run_evaluation(options)
    watcher = TerminalWatcher(sys.stderr) if options.strength else None
    report = make_report(read_settings(), base=options.base, watcher=watcher)
    if options.format == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
        write_summary(report, Path(summary))
    # Bytes: a report is UTF-8 whatever the terminal is.
    sys.stdout.flush()
    sys.stdout.buffer.write(FORMATS[options.format](report).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return OK


def make_report(settings: Config, *, base: str | None = None, watcher: Watcher | None = None) -> ChangeReport:
    """Return the report on the working tree; with a watcher the strength of what it shows is measured.

    Raises:
        ConfigError: git does not know `base`, or this machine cannot give what the project's `isolation` asks for.
    """
    project, tree = Project(settings), find_base(settings.root, base)
    notice, prefix = "" if tree else _NO_BASE, find_prefix(settings.root)
    report = compare_trees(project, tree, notice=notice, prefix=prefix)
    if watcher is None:
        return report
    shown = {spec.id for spec in report.specs}
    chosen = [(file, stub) for file, stub in compile_order(project.files) if stub.id in shown]
    found = {measured.id: measured for measured in measure_specs(project, chosen, watcher)}
    return replace(report, specs=tuple(replace(spec, strength=found.get(spec.id)) for spec in report.specs))
