"""Whether a path lies among compiled code, and what to edit instead."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pytest_compiled_ai.config import Config, load_config
from pytest_compiled_ai.guarding.shell import Written
from pytest_compiled_ai.layout import spec_path
from pytest_compiled_ai.pyproject import find_root


def find_refusals(written: Iterable[Written], start: Path) -> list[str]:
    """Return a line for each path that lies among compiled code, of whatever project it belongs to.

    Raises:
        ConfigError: the settings of that project are wrong.
    """
    said: dict[str, None] = {}
    for item in written:
        path = Path(
            os.path.normpath(
                start / Path(item.folder).expanduser() / Path(item.path.removeprefix("file://")).expanduser()
            )
        )
        for place in dict.fromkeys((path, path.resolve())):
            root = find_root(place if place.is_dir() else place.parent)
            if root and (told := _refuse(place, load_config(root))):
                said[told] = None
    return list(said)


def _refuse(path: Path, config: Config) -> str:
    if not path.is_relative_to(config.generated_root):
        return ""
    name = path.relative_to(config.root).as_posix()
    inside = path.relative_to(config.generated_root)
    module = ".".join((config.package, *inside.parent.parts, inside.name.partition(".")[0]))
    spec = spec_path(config, module) if inside.name else None
    if inside.as_posix() == "approvals.json":
        return f"{name} says what a person approved; `compiled-ai review` writes it."
    if spec is None:
        return f"{name} lies among compiled code; write a spec in {config.specs[0]}, then run `pytest --compile-ai`."
    edited = spec.relative_to(config.root).as_posix()
    return f"{name} is compiled code; edit the spec {edited} instead, then run `pytest --compile-ai`."
