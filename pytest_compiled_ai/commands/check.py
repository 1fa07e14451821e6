"""`compiled-ai check`: every spec that is not fresh; no model, no import of the project, no write. For pre-commit."""

from __future__ import annotations

import argparse
import gc

from pytest_compiled_ai.checking import check_specs, pause_collection
from pytest_compiled_ai.commands.base import FAILED, OK, read_settings, take_nothing

declare = take_nothing


def run(_: argparse.Namespace) -> int:
    """Check."""
    settings = read_settings()
    with pause_collection():
        report = check_specs(settings, print)
        # The process ends here: its memory goes back as a whole, not tree by tree.
        gc.freeze()
    return FAILED if report.failed else OK
