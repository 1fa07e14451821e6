"""`compiled-ai guard`: refuses edits of compiled code, as a coding assistant's hook or for paths as arguments."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pytest_compiled_ai.commands.base import FAILED, OK
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.guarding.answer import Answer, answer_call
from pytest_compiled_ai.guarding.payload import read_call
from pytest_compiled_ai.guarding.refusal import find_refusals
from pytest_compiled_ai.guarding.shell import Written


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its argument."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="a file; without one, a hook's JSON is read from stdin"
    )


def run(options: argparse.Namespace) -> int:
    """Answer, and return the status that the asker takes for yes or no."""
    answer = _judge_paths(options.paths) if options.paths else _judge_stdin()
    if answer.out:
        print(answer.out)
    if answer.err:
        print(answer.err, file=sys.stderr)
    return answer.status


def _judge_paths(paths: list[str]) -> Answer:
    refusals = find_refusals((Written("", path) for path in paths), Path.cwd())
    return Answer(FAILED if refusals else OK, err="\n".join(refusals))


def _judge_stdin() -> Answer:
    if sys.stdin is None or sys.stdin.isatty():
        raise ConfigError("guard wants paths, or a hook's JSON on stdin; `compiled-ai guard --help` says more.")
    call = read_call(sys.stdin.buffer.read().decode("utf-8-sig", errors="replace"))
    return answer_call(call.form, find_refusals(call.written, Path.cwd() / call.folder))
