"""`compiled-ai review`: new bodies before they are written, and written ones that nobody approved; no model."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from rich.console import Console

from pytest_compiled_ai.commands.base import FAILED, OK, read_settings
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError, SpecError
from pytest_compiled_ai.reports.review import describe_pending, draw_list
from pytest_compiled_ai.reports.strength import describe_measured
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.review.bench import measure_pending
from pytest_compiled_ai.review.decisions import accept, reject, wait_for_compile
from pytest_compiled_ai.review.pending import Found, Pending, find_pending
from pytest_compiled_ai.review.walk import Walk
from pytest_compiled_ai.specs.order import fits


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    for word in ("accept", "reject"):
        text = f"{word} what waits for the specs whose id or name fits, without asking"
        parser.add_argument(f"--{word}", metavar="GLOB", action="append", default=[], help=text)
    parser.add_argument("--list", action="store_true", help="show what waits, and ask nothing")
    parser.add_argument("--strength", action="store_true", help="show what changes of each body no test notices")


def run(options: argparse.Namespace) -> int:
    """Review; fail where something is left undecided."""
    settings = read_settings()
    found = find_pending(Project(settings))
    console = Console(highlight=False, markup=False)
    for problem in found.problems:
        _say(console, problem)
    if options.accept or options.reject:
        left = decide(settings, found, console, accepted=options.accept, rejected=options.reject)
    elif options.list or not (sys.stdin.isatty() and sys.stdout.isatty()):
        left = show(settings, found, console, strength=options.strength)
    else:
        walk = Walk(settings=settings, console=console, ask=input, watcher=TerminalWatcher(), strength=options.strength)
        left = walk.run(found.pending) + _tell_gone(found.gone, console)
    if left or not found.problems:
        _say(console, f"{left or 'nothing is'} left to review")
    return FAILED if left or found.problems else OK


def show(settings: Config, found: Found, console: Console, *, strength: bool) -> int:
    """Print what waits, and return how much."""
    if found.pending:
        console.print(draw_list(found.pending, settings))
    for each in found.pending:
        console.print(f"\n{each.id}", soft_wrap=True)
        for line in describe_pending(each, settings):
            console.print(f"  {line}", soft_wrap=True)
        for line in describe_measured(measure_pending(settings, each, TerminalWatcher())) if strength else ():
            console.print(f"  {line}", soft_wrap=True)
    return len(found.pending) + _tell_gone(found.gone, console)


def decide(settings: Config, found: Found, console: Console, *, accepted: list[str], rejected: list[str]) -> int:
    """Accept and reject what fits the globs, and return how much is left.

    Raises:
        ConfigError: a glob fits no spec, or globs of both kinds fit one.
    """
    _check_globs(settings, found, accepted, rejected)
    left = 0
    for each in found.pending:
        if _fits_any(each.id, accepted):
            left += not _accept(settings, each, console)
        elif each.kind == "staged" and _fits_any(each.id, rejected):
            _reject(settings, each.id, console)
        else:
            left += 1
            _say(console, f"{each.id}: left undecided")
    for spec in found.gone:
        if _fits_any(spec, rejected):
            _reject(settings, spec, console)
    return left + _tell_gone([spec for spec in found.gone if not _fits_any(spec, rejected)], console)


def _check_globs(settings: Config, found: Found, accepted: list[str], rejected: list[str]) -> None:
    known = [stub.id for file in Project(settings).files for stub in file.stubs] + list(found.gone)
    for glob in (*accepted, *rejected):
        if not any(fits(spec, glob) for spec in known):
            raise ConfigError(f"{glob!r} fits no spec; the specs are: {', '.join(known) or 'none'}.")
    for spec in known:
        if _fits_any(spec, accepted) and _fits_any(spec, rejected):
            raise ConfigError(f"{spec} cannot be accepted and rejected; name it in one of --accept and --reject.")


def _accept(settings: Config, pending: Pending, console: Console) -> bool:
    try:
        accept(settings, pending, wait_for_compile)
    except SpecError as error:
        _say(console, str(error))
        return False
    _say(console, f"{pending.id}: accepted")
    return True


def _reject(settings: Config, spec: str, console: Console) -> None:
    reject(settings, spec, wait_for_compile)
    _say(console, f"{spec}: rejected")


def _tell_gone(specs: Iterable[str], console: Console) -> int:
    gone = list(specs)
    for spec in gone:
        _say(console, f"{spec} is staged and no spec any more; forget it with `compiled-ai review --reject {spec}`")
    return len(gone)


def _fits_any(spec: str, globs: Iterable[str]) -> bool:
    return any(fits(spec, glob) for glob in globs)


def _say(console: Console, line: str) -> None:
    console.print(f"compiled-ai: {line}", soft_wrap=True)
