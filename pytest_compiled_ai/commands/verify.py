"""`compiled-ai verify`: every gate on the committed bodies, in the sandbox, with no model; the command for CI."""

from __future__ import annotations

import argparse
from dataclasses import replace

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.checking import explain_standing, find_problems
from pytest_compiled_ai.commands.base import FAILED, OK, add_only, read_settings
from pytest_compiled_ai.compiler.approved import NOT_APPROVED, find_unapproved
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.verification import verify_body
from pytest_compiled_ai.compiler.workshop import open_workshop
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.reports.model import RunReport, SpecResult, Watcher
from pytest_compiled_ai.specs.order import compile_order


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    add_only(parser, "verify")
    parser.add_argument("--require", choices=["sealed"], help="fail where tests cannot run from outside a sealed body")


def run(options: argparse.Namespace) -> int:
    """Verify."""
    from pytest_compiled_ai.reports.terminal import TerminalWatcher

    report = verify_specs(read_settings(), TerminalWatcher(), only=options.only, required=options.require)
    return FAILED if report.failed else OK


def verify_specs(
    settings: Config, watcher: Watcher, *, only: str | None = None, required: str | None = None
) -> RunReport:
    """Judge every body that a glob over spec ids chooses, and what stands in the artifacts beside them.

    Args:
        settings: the project's.
        watcher: is told what happens.
        only: a glob over spec ids, or a name.
        required: the tier that the tests must run in, or None.

    Raises:
        ConfigError: this machine cannot give what the project's `isolation` asks for.
    """
    project = Project(settings)
    chosen = compile_order(project.files, only)
    results: list[SpecResult] = []
    unapproved = find_unapproved(project)
    # With the lock, as a compile: both keep mypy's cache.
    with hold_lock(settings.root, lambda: watcher.waiting("a compile is running")), open_workshop(settings) as shop:
        for number, (file, stub) in enumerate(chosen, 1):
            watcher.spec_started(stub.id, number, len(chosen))
            standing = project.standing(file, stub)
            exam = Examination(project=project, file=file, stub=stub, standing=standing, shop=shop, watcher=watcher)
            result = verify_body(exam, required)
            if result.outcome == "verified" and standing.state != "fresh":
                result = _refused(result, explain_standing(standing))
            elif result.outcome == "verified" and stub.id in unapproved:
                result = _refused(result, NOT_APPROVED)
            results.append(result)
            watcher.spec_ended(result)
    report = RunReport(results=tuple(results), problems=tuple(find_problems(settings, project)))
    watcher.run_ended(report)
    return report


def _refused(result: SpecResult, why: str) -> SpecResult:
    return replace(result, outcome="failed", message=f"its body passes every gate, but is {why}")
