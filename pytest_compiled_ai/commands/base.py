"""What every command shares: exit statuses, and the settings of the project that it stands in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Protocol

from pytest_compiled_ai.config import Config, load_config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.pyproject import find_root

OK, FAILED, INTERRUPTED, USAGE = 0, 1, 2, 4
"""pytest's own exit codes."""


class Command(Protocol):
    """A module of this package: `compiled-ai NAME` imports that of its name alone."""

    def declare(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments."""
        ...

    def run(self, options: argparse.Namespace) -> int:
        """Do it, and return the exit status.

        Raises:
            CompiledAIError: what a user can mend; told in one line.
        """
        ...


def read_settings(**flags: Any) -> Config:
    """Return the settings of the project at or above the current folder; flags that are not None win over its table.

    Raises:
        ConfigError: there is none, or its settings are wrong.
    """
    here = Path.cwd()
    root = find_root(here)
    if root is None:
        raise ConfigError(
            f"no [tool.compiled-ai] table in a pyproject.toml at or above {here}; run `compiled-ai init`."
        )
    return load_config(root, **flags)


def take_nothing(parser: argparse.ArgumentParser) -> None:
    """Add no argument."""


def add_only(parser: argparse.ArgumentParser, verb: str) -> None:
    """Add `--only GLOB`, which chooses specs."""
    parser.add_argument("--only", metavar="GLOB", help=f"{verb} the specs whose id or name fits")
