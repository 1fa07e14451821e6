"""One compile, check or dry run, for pytest's shell and the command alike."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_compiled_ai.compiler.project import (
    Project,
    Standing,
    describe_foreign,
    find_foreign_code,
    find_orphans,
    read_artifact,
)
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.model import SpecFile

if TYPE_CHECKING:
    import pytest

    from pytest_compiled_ai.providers.base import Provider
    from pytest_compiled_ai.reports.model import Outcome, RunReport
    from pytest_compiled_ai.reports.run_report import PendingReport

_COMPILE = "run `pytest --compile-ai`"
_DECIDE = (
    "run `compiled-ai adopt {spec}` to keep the edit, or "
    "`pytest --compile-ai --compile-ai-force --compile-ai-only {spec}` to write it anew"
)
_MEND = {"missing": _COMPILE, "stale": _COMPILE, "edited": _DECIDE, "conflict": _DECIDE}
_NAMED = 3


def run_session(config: pytest.Config, settings: Config) -> RunReport:
    """Do what pytest's flags ask for, writing to its terminal.

    Raises:
        CompiledAIError: nothing could be begun.
    """
    from pytest_compiled_ai.context import explain_hold

    options = config.option
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter.ensure_newline()
    file = reporter._tw._file if reporter is not None else sys.stdout
    color = reporter._tw.hasmarkup if reporter is not None else None
    if options.compile_ai_check:
        return check_specs(settings, lambda line: print(line, file=file))
    if options.compile_ai_dry_run:
        return show_plan(settings, options.compile_ai_only, lambda line: print(line, file=file))
    if hold := explain_hold(config.invocation_params.args, os.environ):
        print(hold, file=file)
        return check_specs(settings, lambda line: print(line, file=file))
    return compile_specs(
        settings,
        only=options.compile_ai_only,
        shard=options.compile_ai_shard,
        force=options.compile_ai_force,
        recall=not options.compile_ai_no_cache,
        review=options.compile_ai_review,
        report=options.compile_ai_report,
        file=file,
        color=color,
    )


def compile_specs(
    settings: Config,
    *,
    only: str | None = None,
    shard: str | None = None,
    force: bool = False,
    recall: bool = True,
    review: bool = False,
    report: str | None = None,
    file: Any = None,
    color: bool | None = None,
) -> RunReport:
    """Compile what is missing or stale, drawing on `file`; `recall` replays what the model was asked before.

    `shard` is a share of the specs, like `2/8`. With `review` what passes is put aside until a person accepts it.
    `report` is a file for the report of the run.

    Raises:
        CompiledAIError: nothing could be begun.
    """
    from pytest_compiled_ai.compiler.compiler import Compiler
    from pytest_compiled_ai.compiler.shards import read_shard
    from pytest_compiled_ai.compiler.staging import Staging
    from pytest_compiled_ai.extensions import create_providers, load_extensions
    from pytest_compiled_ai.policies.packs.catalogue import packs_of_project
    from pytest_compiled_ai.policies.policy import read_policy
    from pytest_compiled_ai.providers.recorded import RecordedProvider, replies_folder
    from pytest_compiled_ai.reports.terminal import TerminalWatcher
    from pytest_compiled_ai.screens.gate import check_allowed

    read_policy(settings)
    packs_of_project(settings)
    check_allowed(settings.allow)
    share = read_shard(shard) if shard else None
    watcher = TerminalWatcher(file, color=color)

    def provide() -> tuple[Provider, ...]:
        providers = create_providers(load_extensions(), settings, os.environ)
        return tuple(RecordedProvider(each, replies_folder()) for each in providers) if recall else providers

    project = Project(settings)
    pending = _begin_report(project, report) if report else None
    compiler = Compiler(project, provide, watcher, staging=Staging(project) if review else None)
    with warnings.catch_warnings():
        # A library's own warnings are no matter of the project's; under `-W error` they would end the run.
        warnings.simplefilter("ignore")
        done = compiler.compile(only=only, force=force, shard=share)
    if pending:
        pending.write(done)
    return done


def _begin_report(project: Project, path: str) -> PendingReport:
    from pytest_compiled_ai.reports.run_report import begin_report

    return begin_report(project, Path(path))


def check_specs(settings: Config, say: Callable[[str], None]) -> RunReport:
    """Report every spec that is not fresh, with what changed and what mends it; ask no model, write nothing."""
    _check_tables(settings)
    with pause_collection():
        return _check(Project(settings), say)


@contextmanager
def pause_collection() -> Iterator[None]:
    """Leave Python's collector off for the block.

    The trees of all files are needed until the end: to look for garbage among them takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check(project: Project, say: Callable[[str], None]) -> RunReport:
    from pytest_compiled_ai.reports.model import RunReport, SpecResult

    results, problems = [], []
    around: list[tuple[list[str], list[str]]] = []
    unapproved = _find_unapproved(project)
    for file in project.files:
        for found in look_at_file(project, file):
            if isinstance(found, str):
                problems.append(found)
                continue
            message = unapproved.get(found.spec, "") if found.state == "fresh" else explain_standing(found)
            outcome: Outcome = "failed" if message else "fresh"
            results.append(SpecResult(id=found.spec, before=found.state, outcome=outcome, message=message))
            if message:
                say(f"compiled-ai: {found.spec} is {message}")
        # While what was read of the file is at hand.
        around.append(look_around(project, file))
    problems += find_problems(project.config, project, around)
    for problem in problems:
        say(f"compiled-ai: {problem}")
    report = RunReport(results=tuple(results), problems=tuple(problems))
    if not report.failed:
        say(f"compiled-ai: {len(results)} specs, all fresh")
    return report


def _check_tables(settings: Config) -> None:
    # Only what is configured is imported: a check of what is fresh should be over before anyone waits for it.
    if settings.policy:
        from pytest_compiled_ai.policies.policy import read_policy

        read_policy(settings)
    if settings.policies:
        from pytest_compiled_ai.policies.packs.catalogue import packs_of_project

        packs_of_project(settings)


def _find_unapproved(project: Project) -> dict[str, str]:
    if not project.config.require_review:
        return {}
    from pytest_compiled_ai.compiler.approved import NOT_APPROVED, find_unapproved

    return dict.fromkeys(find_unapproved(project), NOT_APPROVED)


def find_problems(
    settings: Config, project: Project, around: Sequence[tuple[list[str], list[str]]] | None = None
) -> list[str]:
    """Return a line for all that is wrong beside the specs: orphans, code of no spec, files that cannot be read.

    `around` is what `look_around` says of each spec file, where it was asked already.
    """
    around = [look_around(project, file) for file in project.files] if around is None else around
    orphans = [path.relative_to(settings.root).as_posix() for path in find_orphans(settings, project.files)]
    return [
        *_describe_approvals(settings),
        *(f"{name} is orphaned: no spec stands behind it; run `compiled-ai prune`" for name in orphans),
        *(line for foreign, _ in around for line in foreign),
        *(line for _, damage in around for line in damage),
        *(problem.message for problem in project.problems),
    ]


def look_around(project: Project, file: SpecFile) -> tuple[list[str], list[str]]:
    """Return a line for all code of no spec in a spec file's artifact, and one for what is damaged of it."""
    from pytest_compiled_ai.compiler.damage import describe_damage

    foreign = [describe_foreign(file, project.config.root, found) for found in find_foreign_code(file)]
    return foreign, list(describe_damage(project, file))


def _describe_approvals(settings: Config) -> list[str]:
    if not settings.require_review:
        return []
    from pytest_compiled_ai.artifacts.approvals import read_approvals

    return [*filter(None, [read_approvals(settings.generated_root).problem])]


def show_plan(settings: Config, only: str | None, say: Callable[[str], None]) -> RunReport:
    """Say which specs would be compiled, where their prompts would go, and what would be written; ask nothing."""
    from pytest_compiled_ai.compiler.question import first_prompt
    from pytest_compiled_ai.reports.model import RunReport
    from pytest_compiled_ai.specs.order import fits

    project = Project(settings)
    where = ", then ".join(settings.ladder)
    for file in project.files:
        for stub in file.stubs:
            state = project.standing(file, stub).state
            if state not in {"missing", "stale"} or (only and not fits(stub.id, only)):
                continue
            messages = first_prompt(project, file, stub)
            length = sum(len(message.content) for message in messages)
            target = file.target.relative_to(settings.root).as_posix()
            say(f"{stub.id} ({state}) -> {target}; asks {where}, about {length // 4} tokens in:")
            say("\n".join(message.content for message in messages))
    return RunReport(results=())


def describe_states(settings: Config, paths: set[Path]) -> Iterator[str]:
    """Yield a line for each spec in these files whose body is there but is not the one that the spec asks for."""
    with pause_collection():
        everything = list(look_at(Project(settings), paths))
    for found in everything:
        if isinstance(found, str):
            yield f"compiled-ai: {found}"
        elif found.state in {"stale", "edited", "conflict"}:
            yield f"compiled-ai: {found.spec} is {explain_standing(found, _NAMED)}"


def look_at(project: Project, paths: set[Path] | None = None) -> Iterator[Standing | str]:
    """Yield where each spec of these files, or of all, stands; or a line where what it depends on cannot be read."""
    for file in project.files:
        if paths is None or file.path.resolve() in paths:
            yield from look_at_file(project, file)


def look_at_file(project: Project, file: SpecFile) -> Iterator[Standing | str]:
    """Yield where each spec of a file stands; or a line where what it depends on cannot be read."""
    text = read_artifact(file)
    for stub in file.stubs:
        try:
            yield project.standing(file, stub, text)
        except SpecError as error:
            yield f"{stub.id} cannot be checked: {error}"


def explain_standing(standing: Standing, most: int | None = None) -> str:
    """Return a state in words: the inputs that changed, `most` of them at the most, and what mends it."""
    if standing.state not in {"stale", "conflict"}:
        return f"{standing.state}; {mend(standing)}"
    named = standing.changed[:most]
    more = len(standing.changed) - len(named)
    inputs = f"{', '.join(named)}{f' and {more} more' if more else ''}" if named else "no record says what"
    return f"{standing.state} ({inputs} changed); {mend(standing)}"


def mend(standing: Standing) -> str:
    """Return the command that makes a spec fresh, empty where it is."""
    return _MEND.get(standing.state, "").format(spec=standing.spec)
