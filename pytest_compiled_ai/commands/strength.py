"""`compiled-ai strength`: how many small changes of the committed bodies their tests notice, with no model."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.commands.base import FAILED, OK, add_only, read_settings
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.verification import cut_present
from pytest_compiled_ai.compiler.workshop import Workshop, open_workshop
from pytest_compiled_ai.errors import CompiledAIError, SpecError
from pytest_compiled_ai.evaluation.strength import LIMIT, Measured, Strength, measure_strength
from pytest_compiled_ai.gates.base import Candidate, Stage, Subject
from pytest_compiled_ai.reports.model import Watcher
from pytest_compiled_ai.specs.order import Entry, compile_order

_NO_BODY = "it has no body; run `pytest --compile-ai`"


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    add_only(parser, "measure")
    parser.add_argument(
        "--limit", metavar="N", type=_whole(1), default=LIMIT, help=f"changes of one body (default {LIMIT})"
    )
    parser.add_argument(
        "--require", metavar="PERCENT", type=_whole(0, 100), help="fail where the tests of a spec notice less"
    )


def run(options: argparse.Namespace) -> int:
    """Measure, and print what is found."""
    from pytest_compiled_ai.reports.strength import show_strengths
    from pytest_compiled_ai.reports.terminal import TerminalWatcher

    project = Project(read_settings())
    chosen = compile_order(project.files, options.only)
    found = chain(measure_specs(project, chosen, TerminalWatcher(), options.limit), _unread(project))
    return OK if show_strengths(found, options.require) else FAILED


def _whole(least: int, most: int | None = None) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"must be {f'{least} to {most}' if most else f'{least} or more'}")
        return value

    return number


def measure_specs(
    project: Project, chosen: Sequence[Entry], watcher: Watcher, limit: int = LIMIT
) -> Iterator[Measured]:
    """Yield what is found of each of these specs.

    Args:
        project: theirs.
        chosen: the specs, with their files.
        watcher: is told what happens.
        limit: mutants of one body at most.

    Raises:
        ConfigError: this machine cannot give what the project's `isolation` asks for.
    """
    settings = project.config
    # With the lock, as a compile: both keep mypy's cache.
    with hold_lock(settings.root, lambda: watcher.waiting("a compile is running")), open_workshop(settings) as shop:
        for number, (file, stub) in enumerate(chosen, 1):
            watcher.spec_started(stub.id, number, len(chosen))
            try:
                standing = project.standing(file, stub)
            except CompiledAIError as error:
                yield Measured(id=stub.id, artifact="", problem=str(error))
                continue
            exam = Examination(project=project, file=file, stub=stub, standing=standing, shop=shop, watcher=watcher)
            yield measure_spec(exam, limit)


def _unread(project: Project) -> Iterator[Measured]:
    for problem in project.problems:
        path = problem.path.relative_to(project.config.root).as_posix()
        yield Measured(id=path, artifact="", problem=problem.message)


def measure_spec(exam: Examination, limit: int) -> Measured:
    """Return how strong the tests of a spec are on the body that stands in its artifact."""
    root = exam.project.config.root
    found = Measured(id=exam.stub.id, artifact=exam.file.target.relative_to(root).as_posix())
    if exam.standing.state == "missing":
        return replace(found, problem=_NO_BODY)
    try:
        return replace(found, strength=_measure(exam, limit))
    except CompiledAIError as error:
        return replace(found, problem=str(error))
    finally:
        exam.shop.restore(root, exam.file)


def _measure(exam: Examination, limit: int) -> Strength:
    baseline, artifact = exam.begin()
    candidate = cut_present(artifact, baseline.subject, exam.file.target.read_text(encoding="utf-8"))
    if isinstance(candidate, str):
        raise SpecError(f"{candidate}; run `pytest --compile-ai`")
    return measure_candidate(exam, candidate, baseline.subject, limit)


def measure_candidate(exam: Examination, candidate: Candidate, subject: Subject, limit: int = LIMIT) -> Strength:
    """Return how strong the tests of a spec are on a body.

    Raises:
        SpecError: a static gate refuses it.
    """
    shop = exam.shop
    assert isinstance(shop, Workshop)
    # What no static gate lets pass is not run, here neither.
    static = tuple(gate for gate in shop.gates if gate.stage < Stage.EXECUTION)
    *_, last = replace(exam, shop=replace(shop, gates=static)).try_out(candidate, subject)
    if not last.passed:
        raise SpecError(f"its body is refused: {last.gate}: {last.message}")
    return measure_strength(candidate, subject, shop.runner, limit=limit)
