"""`compiled-ai check`: every spec that is not fresh; no model, no import of the project, no write. For pre-commit."""

from __future__ import annotations

import argparse

from pytest_compiled_ai.commands.base import FAILED, OK, read_settings, take_nothing
from pytest_compiled_ai.session import check_specs

declare = take_nothing


def run(_: argparse.Namespace) -> int:
    """Check."""
    return FAILED if check_specs(read_settings(), print).failed else OK
