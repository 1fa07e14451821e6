"""Compile the reader of receipts, resumably: `python -m benchmarks.documents.run --data PATH --out OUT`.

The specs go through the same call as `pytest --compile-ai`. What is compiled is not compiled again; replies are kept
under OUT, so that a run behind a crash replays what was asked before, and figures count it as if it had been asked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.codegen.clerk import Metered
from benchmarks.documents.ledger import Ledger
from benchmarks.documents.project import write_project
from benchmarks.documents.receipts import BadReceiptsError, read_receipts, split
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import Config, load_config
from pytest_compiled_ai.extensions import create_providers, load_extensions
from pytest_compiled_ai.providers.base import Provider
from pytest_compiled_ai.providers.recorded import RecordedProvider

ATTEMPTS = 24


def main(argv: Sequence[str] | None = None) -> int:
    """Compile what has no body yet, and return 0 where all have one, 1 where not, 2 where data is missing."""
    parser = argparse.ArgumentParser(description="Compile the reader of receipts.")
    add_places(parser)
    parser.add_argument("--attempts", type=int, default=ATTEMPTS, help="questions for each spec (default: %(default)s)")
    options = parser.parse_args(argv)
    try:
        labelled, _ = split(read_receipts(options.data))
    except BadReceiptsError as error:
        print(f"benchmarks.documents: {error}", file=sys.stderr)
        return 2
    root: Path = options.out / "project"
    write_project(root, labelled, {"provider": options.provider, "attempts": options.attempts, "timeout": 60})
    config = load_config(root)
    report = Compiler(
        Project(config), lambda: (open_provider(config, options.out),), Ledger(options.out / "compile.jsonl")
    ).compile()
    for problem in report.problems:
        print(f"benchmarks.documents: {problem}", file=sys.stderr)
    return int(report.failed)


def add_places(parser: argparse.ArgumentParser) -> None:
    """Add the options that every step has."""
    parser.add_argument("--data", type=Path, required=True, help="receipts.jsonl, or the folder that holds it")
    parser.add_argument("--out", type=Path, required=True, help="where project, replies and results go")
    parser.add_argument("--provider", default="embedded")


def open_provider(config: Config, out: Path) -> Provider:
    """Return the configured provider, whose replies are kept; a replayed one counts as if it had been asked."""
    (inner,) = create_providers(load_extensions(), config, os.environ)
    return Metered(RecordedProvider(inner, out / "replies"))


if __name__ == "__main__":
    sys.exit(main())
