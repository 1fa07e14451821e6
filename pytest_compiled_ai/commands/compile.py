"""`compiled-ai compile`: what `pytest --compile-ai` does first, without importing the project."""

from __future__ import annotations

import argparse

from pytest_compiled_ai.commands.base import FAILED, OK, add_only, read_settings
from pytest_compiled_ai.session import compile_specs


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    add_only(parser, "compile")
    parser.add_argument("--force", action="store_true", help="compile fresh and hand-edited specs, too")
    parser.add_argument("--review", action="store_true", help="put new bodies aside for `compiled-ai review`")
    parser.add_argument("--report", metavar="PATH", help="write the report of this run: .md, .html, .json or .sarif")
    parser.add_argument("--no-cache", action="store_true", help="ask the model anew what it has answered once")
    parser.add_argument("--provider", metavar="NAME", help="who answers: embedded, openai, or a configured name")
    parser.add_argument("--max-time", metavar="SECONDS", type=float, help="begin no question behind so many seconds")
    parser.add_argument("--shard", metavar="I/N", help="compile the I-th of N shares of the specs")
    parser.add_argument("--attempts", metavar="N", type=int, help="questions for each spec at most")


def run(options: argparse.Namespace) -> int:
    """Compile."""
    settings = read_settings(provider=options.provider, attempts=options.attempts, max_time=options.max_time)
    report = compile_specs(
        settings,
        only=options.only,
        shard=options.shard,
        force=options.force,
        recall=not options.no_cache,
        review=options.review,
        report=options.report,
    )
    return FAILED if report.failed else OK
