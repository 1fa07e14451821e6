"""One compile, check or dry run, for pytest's shell and the command alike."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_compiled_ai.compiler.project import Project, Standing, describe_foreign, find_foreign_code, find_orphans
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import CompiledAIError

if TYPE_CHECKING:
    import pytest

    from pytest_compiled_ai.providers.base import Provider
    from pytest_compiled_ai.reports.model import RunReport

MEND = {
    "missing": "run `pytest --compile-ai`",
    "stale": "run `pytest --compile-ai`",
    "edited": "run `pytest --compile-ai --compile-ai-force` to write it anew, or leave the edit",
    "conflict": "run `pytest --compile-ai --compile-ai-force` to write it anew over the edit",
}


def run_session(config: pytest.Config, settings: Config) -> RunReport:
    """Do what pytest's flags ask for, writing to its terminal.

    Raises:
        CompiledAIError: nothing could be begun.
    """
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
    return compile_specs(
        settings,
        only=options.compile_ai_only,
        force=options.compile_ai_force,
        recall=not options.compile_ai_no_cache,
        file=file,
        color=color,
    )


def compile_specs(
    settings: Config,
    *,
    only: str | None = None,
    force: bool = False,
    recall: bool = True,
    file: Any = None,
    color: bool | None = None,
) -> RunReport:
    """Compile what is missing or stale, drawing on `file`; `recall` replays what the model was asked before.

    Raises:
        CompiledAIError: nothing could be begun.
    """
    from pytest_compiled_ai.compiler.compiler import Compiler
    from pytest_compiled_ai.extensions import create_providers, load_extensions
    from pytest_compiled_ai.policies.policy import read_policy
    from pytest_compiled_ai.providers.recorded import RecordedProvider, replies_folder
    from pytest_compiled_ai.reports.terminal import TerminalWatcher
    from pytest_compiled_ai.screens.gate import check_allowed

    read_policy(settings)
    check_allowed(settings.allow)
    watcher = TerminalWatcher(file, color=color)

    def provide() -> tuple[Provider, ...]:
        providers = create_providers(load_extensions(), settings, os.environ)
        return tuple(RecordedProvider(each, replies_folder()) for each in providers) if recall else providers

    compiler = Compiler(Project(settings), provide, watcher)
    with warnings.catch_warnings():
        # A library's own warnings are no matter of the project's; under `-W error` they would end the run.
        warnings.simplefilter("ignore")
        return compiler.compile(only=only, force=force)


def check_specs(settings: Config, say: Callable[[str], None]) -> RunReport:
    """Report every spec that is not fresh, with what changed and what mends it; ask no model, write nothing."""
    from pytest_compiled_ai.policies.policy import read_policy
    from pytest_compiled_ai.reports.model import RunReport, SpecResult

    read_policy(settings)
    project = Project(settings)
    results = []
    for file in project.files:
        for stub in file.stubs:
            standing = project.standing(file, stub)
            is_fresh = standing.state == "fresh"
            message = "" if is_fresh else explain_standing(standing)
            results.append(
                SpecResult(
                    id=stub.id, before=standing.state, outcome="fresh" if is_fresh else "failed", message=message
                )
            )
            if message:
                say(f"compiled-ai: {stub.id} is {message}")
    problems = find_problems(settings, project)
    for problem in problems:
        say(f"compiled-ai: {problem}")
    report = RunReport(results=tuple(results), problems=tuple(problems))
    if not report.failed:
        say(f"compiled-ai: {len(results)} specs, all fresh")
    return report


def find_problems(settings: Config, project: Project) -> list[str]:
    """Return a line for all that is wrong beside the specs: orphans, code of no spec, files that cannot be read."""
    orphans = [path.relative_to(settings.root).as_posix() for path in find_orphans(settings, project.files)]
    foreign = [(file, found) for file in project.files for found in find_foreign_code(file)]
    return [
        *(f"{name} is orphaned: no spec stands behind it; delete it" for name in orphans),
        *(describe_foreign(file, settings.root, found) for file, found in foreign),
        *(problem.message for problem in project.problems),
    ]


def show_plan(settings: Config, only: str | None, say: Callable[[str], None]) -> RunReport:
    """Say which specs would be compiled, where their prompts would go, and what would be written; ask nothing."""
    from pytest_compiled_ai.compiler.compiler import fits
    from pytest_compiled_ai.compiler.question import first_prompt
    from pytest_compiled_ai.reports.model import RunReport

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
    try:
        project = Project(settings)
        for file in project.files:
            for stub in file.stubs if file.path.resolve() in paths else ():
                standing = project.standing(file, stub)
                if standing.state in {"stale", "edited", "conflict"}:
                    yield f"compiled-ai: {stub.id} is {explain_standing(standing)}"
    except CompiledAIError as error:
        yield f"compiled-ai: {error}"


def explain_standing(standing: Standing) -> str:
    """Return a state in words: what changed, and what mends it."""
    changed = f" ({', '.join(standing.changed[:3])} changed)" if standing.changed else ""
    return f"{standing.state}{changed}; {MEND[standing.state]}"
