"""Modules of the project whose run this run is within, under the names of this project's own. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from types import ModuleType

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.layout import spec_base


def set_aside(config: Config, roots: Collection[Path]) -> dict[str, ModuleType]:
    """Take what the projects at `roots` imported under this project's names out of `sys.modules`, and return it."""
    return {name: sys.modules.pop(name) for name in _names(config) if _is_of(sys.modules[name], roots, config.root)}


def put_back(config: Config, modules: Mapping[str, ModuleType]) -> None:
    """Have the modules that were set aside again, and none of this project's beside them."""
    if modules:
        for name in _names(config):
            del sys.modules[name]
        sys.modules.update(modules)


def _names(config: Config) -> list[str]:
    folders = {config.package, *(".".join(spec_base(entry).parts) for entry in config.specs)}
    return [name for name in sys.modules if any(f"{name}.".startswith(f"{folder}.") for folder in folders if folder)]


def _is_of(module: ModuleType, roots: Collection[Path], own: Path) -> bool:
    spec = module.__spec__
    places = [spec.origin, *(spec.submodule_search_locations or ())] if spec else []
    paths = [Path(place) for place in places if place]
    return any(path.is_relative_to(root) and not path.is_relative_to(own) for path in paths for root in roots)
