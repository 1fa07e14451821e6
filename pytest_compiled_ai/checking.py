"""Where every spec of a project stands, in words: the check, and what a plain run says of its files."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

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
from pytest_compiled_ai.unchanged import is_unchanged, remember

if TYPE_CHECKING:
    from pytest_compiled_ai.reports.model import Outcome, RunReport

_COMPILE = "run `pytest --compile-ai`"
_DECIDE = (
    "run `compiled-ai adopt {spec}` to keep the edit, or "
    "`pytest --compile-ai --compile-ai-force --compile-ai-only {spec}` to write it anew"
)
_MEND = {"missing": _COMPILE, "stale": _COMPILE, "edited": _DECIDE, "conflict": _DECIDE}
_NAMED = 3


def check_specs(settings: Config, say: Callable[[str], None]) -> RunReport:
    """Report every spec that is not fresh, with what changed and what mends it; ask no model, write nothing."""
    check_tables(settings)
    with pause_collection():
        return _check(Project(settings), say)


def remember_states(settings: Config) -> None:
    """Look at all specs, and remember it where every one is fresh: a plain run need not look again."""
    if is_unchanged(settings):
        return
    since = time.time_ns()
    with pause_collection():
        project = Project(settings)
        if all(isinstance(found, Standing) and found.state == "fresh" for found in look_at(project)):
            remember(project, since)


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


def check_tables(settings: Config) -> None:
    """Read what the settings say of policies.

    Raises:
        ConfigError: it cannot be read, or names a pack that nobody knows.
    """
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
