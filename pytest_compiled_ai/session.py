"""One compile, check or dry run, for pytest's shell and the command alike."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_compiled_ai.checking import check_specs, check_tables, remember_states
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import Config

if TYPE_CHECKING:
    import pytest

    from pytest_compiled_ai.providers.base import Provider
    from pytest_compiled_ai.reports.model import RunReport
    from pytest_compiled_ai.reports.run_report import PendingReport


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
    from pytest_compiled_ai.reports.terminal import TerminalWatcher
    from pytest_compiled_ai.screens.gate import check_allowed

    check_tables(settings)
    check_allowed(settings.allow)
    share = read_shard(shard) if shard else None
    watcher = TerminalWatcher(file, color=color)
    project = Project(settings)
    pending = _begin_report(project, report) if report else None
    staging = Staging(project) if review else None
    compiler = Compiler(project, lambda: _create_providers(settings, recall), watcher, staging=staging)
    with warnings.catch_warnings():
        # A library's own warnings are no matter of the project's; under `-W error` they would end the run.
        warnings.simplefilter("ignore")
        done = compiler.compile(only=only, force=force, shard=share)
    if pending:
        pending.write(done)
    if not done.failed:
        remember_states(settings)
    return done


def _create_providers(settings: Config, recall: bool) -> tuple[Provider, ...]:
    from pytest_compiled_ai.extensions import create_providers, load_extensions
    from pytest_compiled_ai.providers.recorded import RecordedProvider, replies_folder

    providers = create_providers(load_extensions(), settings, os.environ)
    return tuple(RecordedProvider(each, replies_folder()) for each in providers) if recall else providers


def _begin_report(project: Project, path: str) -> PendingReport:
    from pytest_compiled_ai.reports.run_report import begin_report

    return begin_report(project, Path(path))


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
