"""`compiled-ai record SPEC`: ask what the tests of a spec ask a model, once, and keep the replies beside the spec."""

from __future__ import annotations

import argparse
import os
from contextlib import closing

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.asking.recording import Recorder, find_recorder
from pytest_compiled_ai.asking.replies import replies_name
from pytest_compiled_ai.commands.base import FAILED, OK, read_settings
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.extensions import create_providers, load_extensions


def declare(parser: argparse.ArgumentParser) -> None:
    """Add its argument."""
    parser.add_argument("spec", metavar="SPEC", help="a spec file, an id (specs/mail.py::triage) or a name")


def run(options: argparse.Namespace) -> int:
    """Record."""
    project = Project(read_settings())
    recorder = find_recording(project, options.spec)
    with hold_lock(project.config.root, lambda: print("compiled-ai: a compile is running; waiting for it")):
        return OK if record_replies(recorder) else FAILED


def find_recording(project: Project, wanted: str) -> Recorder:
    """Return what records the replies of the spec file that a user means.

    Raises:
        SpecError: there is no such spec, or it may ask no model.
    """
    file = next((file for file in project.files if wanted == file.relative), None) or project.find(wanted)[0]
    recorder = find_recorder(project, file)
    if recorder is None:
        raise SpecError(f"{file.relative} has no spec that may ask a model: say @spec(runtime_model=...) of one.")
    return recorder


def record_replies(recorder: Recorder) -> bool:
    """Ask for what is open, print what came of it, and return whether all has a reply now.

    Raises:
        ProviderError: the provider cannot be asked; what it answered before is kept.
    """
    entries = recorder.find_entries()
    asked = [entry for entry in entries if entry.is_open]
    name = replies_name(recorder.file)
    config = recorder.project.config._replace(provider=recorder.provider)
    if not asked:
        recorder.keep(entries)
        print(f"compiled-ai: {name}: nothing is open; what a body asks beyond that is known after a compile")
        return True
    (provider,) = create_providers(load_extensions(), config, os.environ)
    with closing(provider):
        count = "1 question goes" if len(asked) == 1 else f"{len(asked)} questions go"
        print(f"compiled-ai: {count} to {provider.where} ({provider.model})")
        problems = recorder.record(provider, print)
    for problem in problems:
        print(f"compiled-ai: {problem}")
    print(f"compiled-ai: {name}: {len(asked) - len(problems)} of {len(asked)} recorded; read them, then commit them")
    return not problems
