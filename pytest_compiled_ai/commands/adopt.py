"""`compiled-ai adopt`: every gate on bodies that were edited by hand; those that pass count as compiled."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.commands.base import FAILED, OK, read_settings
from pytest_compiled_ai.compiler.adoption import adopt_body
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.workshop import open_workshop
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.reports.model import RunReport, SpecResult, Watcher
from pytest_compiled_ai.specs.model import SpecFile, State, Stub
from pytest_compiled_ai.specs.order import compile_order

_BY_HAND = frozenset({"edited", "conflict"})
_NOT_BY_HAND = {
    "fresh": "its body is the one that was compiled for it: nothing to adopt",
    "stale": "its spec changed and its body did not: `pytest --compile-ai` judges it anew",
    "missing": "it has no body; write one where its artifact goes, or run `pytest --compile-ai`",
}


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    parser.add_argument("specs", metavar="SPEC", nargs="*", help="an id (specs/money.py::parse_amount) or a name")
    parser.add_argument("--all", action="store_true", help="adopt every body that was edited by hand")


def run(options: argparse.Namespace) -> int:
    """Adopt."""
    from pytest_compiled_ai.reports.terminal import TerminalWatcher

    if options.all == bool(options.specs):
        raise ConfigError("name the specs to adopt, or --all for every edited one; `compiled-ai check` lists them.")
    report = adopt_specs(read_settings(), TerminalWatcher(), options.specs)
    if not report.results:
        print("compiled-ai: nothing to adopt: no body was edited by hand")
    return FAILED if report.failed else OK


def adopt_specs(settings: Config, watcher: Watcher, wanted: Sequence[str]) -> RunReport:
    """Judge the bodies of the specs in `wanted`, or every edited one where it is empty; what passes is kept.

    Raises:
        SpecError: a name fits no spec, or more than one.
        ConfigError: this machine cannot give what the project's `isolation` asks for.
    """
    project = Project(settings)
    named = {project.find(name)[1].id for name in wanted}
    todo: list[tuple[SpecFile, Stub]] = []
    results: list[SpecResult] = []
    for file, stub in compile_order(project.files):
        state = project.standing(file, stub).state
        if state in _BY_HAND and (not wanted or stub.id in named):
            todo.append((file, stub))
        elif stub.id in named:
            results.append(_left_alone(stub, state))
    if todo:
        with hold_lock(settings.root, lambda: watcher.waiting("a compile is running")):
            results += _adopt_all(project, watcher, todo)
    report = RunReport(results=tuple(results), problems=tuple(problem.message for problem in project.problems))
    if results or report.problems:
        watcher.run_ended(report)
    return report


def _left_alone(stub: Stub, state: State) -> SpecResult:
    return SpecResult(
        id=stub.id, before=state, outcome="fresh" if state == "fresh" else "failed", message=_NOT_BY_HAND[state]
    )


def _adopt_all(project: Project, watcher: Watcher, todo: Sequence[tuple[SpecFile, Stub]]) -> list[SpecResult]:
    results = []
    with open_workshop(project.config) as shop:
        for number, (file, stub) in enumerate(todo, 1):
            watcher.spec_started(stub.id, number, len(todo))
            standing = project.standing(file, stub)
            exam = Examination(project=project, file=file, stub=stub, standing=standing, shop=shop, watcher=watcher)
            results.append(adopt_body(exam))
            watcher.spec_ended(results[-1])
    return results
