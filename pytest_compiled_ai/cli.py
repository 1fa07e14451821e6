"""The command `compiled-ai`: a thin shell over the core, which needs neither pytest nor the project's own code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import cast

from pytest_compiled_ai import __version__
from pytest_compiled_ai.commands.base import FAILED, INTERRUPTED, OK, USAGE, Command
from pytest_compiled_ai.errors import CompiledAIError, ConfigError, ProviderError

COMMANDS = {
    "init": "make a project ready: folders, settings, a first spec",
    "compile": "compile what is missing or stale, without importing the project",
    "check": "fail if a spec is not fresh; ask no model, import nothing, write nothing",
    "verify": "put the committed bodies before every gate, with no model: the command for CI",
    "review": "look at new bodies before they are written, and approve those that are",
    "diff": "show what is staged against what is written, or what is written against a git ref",
    "strength": "change the committed bodies a little, and tell what no test notices",
    "report": "tell reviewers what a pull request changes in the compiled specs",
    "record": "ask what the tests of a spec ask a model, once, and keep the replies beside the spec",
    "adopt": "judge bodies that were edited by hand, and vouch for those that pass",
    "prune": "remove compiled code and records that no spec stands behind any more",
    "eject": "make plain modules and tests of the project, which needs this package no more",
    "guard": "refuse edits of compiled code: a hook for coding assistants",
    "explain": "tell a spec's state, its prompt, its best failed body, and what would help",
    "doctor": "look at the machine: model, keys by name, isolation, versions",
    "model": "show the embedded models, or fetch one",
    "demo": "compile a small fresh project in a temporary folder and run its tests with no model",
}
"""Every command and what it is for; a module of `commands` by its name says the rest."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    command, options = parse(sys.argv[1:] if argv is None else argv)
    try:
        return command.run(options)
    except CompiledAIError as error:
        print(f"compiled-ai: {error}", file=sys.stderr)
        return USAGE if isinstance(error, ConfigError | ProviderError) else FAILED
    except KeyboardInterrupt:
        print("compiled-ai: interrupted; what was approved before is kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return OK


def parse(arguments: Sequence[str]) -> tuple[Command, argparse.Namespace]:
    """Return the command that is asked for, and its arguments; no other command is imported.

    Raises:
        SystemExit: the arguments are wrong, or ask for help.
    """
    parser = argparse.ArgumentParser(prog="compiled-ai", description="Compile stubs and their tests into plain Python.")
    parser.add_argument("--version", action="version", version=f"compiled-ai {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    parsers = {name: commands.add_parser(name, help=text, description=text) for name, text in COMMANDS.items()}
    chosen = next((word for word in arguments if not word.startswith("-")), "")
    if chosen in COMMANDS:
        _load(chosen).declare(parsers[chosen])
    options = parser.parse_args(arguments)
    return _load(options.command), options


def _load(name: str) -> Command:
    return cast("Command", import_module(f"pytest_compiled_ai.commands.{name}"))
