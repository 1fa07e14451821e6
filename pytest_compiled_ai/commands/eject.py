"""`compiled-ai eject`: the project without this package; compiled code becomes plain modules, specs ordinary tests."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.artifacts.plan import Change, apply_changes, render_diff
from pytest_compiled_ai.artifacts.removal import remove_files
from pytest_compiled_ai.commands.base import OK, read_settings
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.ejection.git import find_unsaved
from pytest_compiled_ai.ejection.plan import Ejection, plan_ejection
from pytest_compiled_ai.errors import ConfigError

_MOST = 20


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")
    parser.add_argument("--force", action="store_true", help="also change files that git could not bring back")


def run(options: argparse.Namespace) -> int:
    """Eject."""
    settings = read_settings()
    if options.dry_run:
        plan = plan_ejection(Project(settings))
        print(render_diff(plan.changes, settings.root), end="")
    else:
        plan = eject_project(settings, print, force=options.force)
    for line in describe_ejection(plan, settings, is_done=not options.dry_run):
        print(line)
    return OK


def eject_project(settings: Config, say: Callable[[str], None], *, force: bool = False) -> Ejection:
    """Eject the project, whole or not at all.

    Raises:
        SpecError: a spec is not fresh, or needs this package for more than its stubs.
        ConfigError: a file cannot be written, or git could not bring it back and `force` is not given.
    """
    with hold_lock(settings.root, lambda: say("compiled-ai: waiting: a compile is running")):
        plan = plan_ejection(Project(settings))
        old = [change.path for change in plan.changes if change.old is not None]
        unsaved = () if force else find_unsaved(settings.root, [*old, *plan.removals])
        if unsaved:
            raise ConfigError(f"{unsaved[0]} has changes that are not committed; commit them, or eject with --force.")
        _apply(plan.changes)
        remove_files(plan.removals)
    shutil.rmtree(plan.state, ignore_errors=True)
    return plan


def _apply(changes: Iterable[Change]) -> None:
    done: list[Change] = []
    try:
        for change in changes:
            apply_changes([change])
            done.append(change)
    except BaseException:
        apply_changes(Change(path=item.path, old=item.new, new=item.old) for item in done if item.old is not None)
        remove_files(item.path for item in done if item.old is None)
        raise


def describe_ejection(plan: Ejection, settings: Config, *, is_done: bool) -> Iterable[str]:
    """Yield a line for each thing that changed, and for what is left to a person."""
    for verb, paths in (("change", [c.path for c in plan.changes]), ("remove", [*plan.removals, plan.state])):
        for path in paths:
            yield f"{f'{verb}d' if is_done else f'would {verb}'} {_named(path, settings.root)}"
    for note in plan.notes:
        yield f"compiled-ai: {note}"
    for mention in plan.mentions[:_MOST]:
        yield f"compiled-ai: still names this package: {mention}"
    if len(plan.mentions) > _MOST:
        yield f"compiled-ai: and {len(plan.mentions) - _MOST} more lines"
    if any(">>>" in change.new for change in plan.changes if change.path.is_relative_to(settings.generated_root)):
        yield f"compiled-ai: the examples run by `pytest --doctest-modules {settings.generated}`"


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
