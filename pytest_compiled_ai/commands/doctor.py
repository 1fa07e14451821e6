"""`compiled-ai doctor`: what is there on this machine, each finding with what to do about it."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from pytest_compiled_ai import __version__
from pytest_compiled_ai.commands.base import FAILED, OK, take_nothing
from pytest_compiled_ai.config import EMBEDDED, Config, load_config
from pytest_compiled_ai.policies.packs.catalogue import packs_of_project
from pytest_compiled_ai.providers.catalogue import CATALOGUE
from pytest_compiled_ai.providers.model_files import status
from pytest_compiled_ai.pyproject import find_root
from pytest_compiled_ai.sandbox.jail.tier import detect_tier
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier

_LIBRARIES = ("pytest", "openai", "hypothesis", "coverage", "bandit", "mypy", "rich", "xllamacpp")


declare = take_nothing


def run(_: argparse.Namespace) -> int:
    """Print the findings; FAILED where a person should look."""
    root = find_root(Path.cwd())
    healthy = True
    for finding in examine(load_config(root) if root else None):
        print(f"{'ok  ' if finding.is_good else 'LOOK'}  {finding.subject}: {finding.text}")
        healthy = healthy and finding.is_good
    return OK if healthy else FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `is_good` is False where a person should look."""

    subject: str
    text: str
    is_good: bool = True


def examine(settings: Config | None) -> Iterator[Finding]:
    """Yield the findings about this machine and, where there is one, the project."""
    yield Finding(
        subject="versions", text=f"compiled-ai {__version__}, Python {platform.python_version()}, {_versions()}"
    )
    for subject, tier in (("isolation of bodies", detect_sealed_tier()), ("isolation of tests", detect_tier())):
        text = f"{tier}{f' ({tier.problem})' if tier.problem else ', by self-test'}"
        yield Finding(subject=subject, text=text, is_good=tier.verified)
    if settings is None:
        yield Finding(subject="project", text="none here; run `compiled-ai init`", is_good=False)
    else:
        yield Finding(subject="project", text=f"{settings.root}, specs in {', '.join(settings.specs)}")
        if packs := packs_of_project(settings):
            yield Finding(subject="policy packs", text=f"{', '.join(pack.name for pack in packs)}, for every spec")
    yield from _model(settings)
    yield from _keys(settings)


def _model(settings: Config | None) -> Iterator[Finding]:
    is_needed = settings is None or EMBEDDED in settings.ladder
    has_server = util.find_spec("xllamacpp") is not None
    states = {entry.name: status(entry).state for entry in CATALOGUE}
    is_there = any(state in {"verified", "unverified"} for state in states.values())
    text = ", ".join(f"{name} {state}" for name, state in states.items())
    if not is_there:
        text += "; fetch one with `compiled-ai model prepare`"
    yield Finding(subject="embedded model", text=text, is_good=is_there or not is_needed)
    if not has_server:
        advice = "xllamacpp is not installed; `pip install pytest-compiled-ai[embedded]`"
        yield Finding(subject="embedded server", text=advice, is_good=not is_needed)


def _keys(settings: Config | None) -> Iterator[Finding]:
    """Yield whether the keys of configured endpoints are set: their names, never their values."""
    if settings is None:
        return
    used = [name for name in settings.ladder if name != EMBEDDED]
    for name in dict.fromkeys([*used, *settings.providers]):
        variable = settings.settings_of(name).api_key_env
        is_set = bool(os.environ.get(variable))
        text = f"{variable} is {'set' if is_set else 'not set'}"
        yield Finding(subject=f"provider {name}", text=text, is_good=is_set or name not in used)


def _versions() -> str:
    found = []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"{name} absent")
    return ", ".join(found)
