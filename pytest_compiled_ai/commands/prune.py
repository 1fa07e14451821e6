"""`compiled-ai prune`: what a compile wrote and no spec stands behind any more goes; nothing else ever deletes."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.artifacts.plan import apply_changes
from pytest_compiled_ai.artifacts.removal import remove_files
from pytest_compiled_ai.commands.base import FAILED, OK, read_settings
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.pruning import Pruning, plan_pruning
from pytest_compiled_ai.config import Config


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its argument."""
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and remove nothing")


def run(options: argparse.Namespace) -> int:
    """Prune; FAILED where something is left that a person has to look at."""
    plan = prune_project(read_settings(), print, dry_run=options.dry_run)
    return FAILED if any(item.left for item in plan) else OK


def prune_project(settings: Config, say: Callable[[str], None], *, dry_run: bool = False) -> list[Pruning]:
    """Remove what no spec stands behind, and say each thing that goes or is left.

    Raises:
        SpecError: a spec file cannot be read.
        ConfigError: a file cannot be written or removed.
    """
    plan = plan_pruning(Project(settings))
    if not dry_run and any(item.changes or item.removals for item in plan):
        with hold_lock(settings.root, lambda: say("compiled-ai: waiting: a compile is running")):
            # Whoever held the lock may have written what was an orphan's place.
            plan = plan_pruning(Project(settings))
            for item in plan:
                apply_changes(item.changes)
                remove_files(item.removals)
    for item in plan:
        for what in item.gone:
            say(f"{'would remove' if dry_run else 'removed'} {what}")
        for what in item.left:
            say(f"left {what}")
    if not any(item.gone or item.left for item in plan):
        say("compiled-ai: nothing to prune: a spec stands behind each body")
    return plan
