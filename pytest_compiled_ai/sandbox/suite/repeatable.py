"""Make a run of the project's tests repeatable and its own: no workers, no shuffling, no random examples, no clock."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

PROFILE: Final = "compiled-ai"

_OPTIONS: Final[dict[str, object]] = {
    "numprocesses": None,
    "dist": "no",
    "distload": False,
    "tx": [],
    "no_cov": True,
    "randomly_reorganize": False,
    "randomly_seed": 0,
    "tbstyle": "short",
    "showcapture": "no",
    "showlocals": False,
    "no_summary": True,
}
"""Options of pytest and of plugins: what a project's `addopts` may have turned on, and what nobody would read."""


def quieten(config: pytest.Config) -> None:
    """Turn off what other plugins would do to the run, as far as they are there."""
    for name, value in _OPTIONS.items():
        if hasattr(config.option, name):
            setattr(config.option, name, value)


def load_profile() -> None:
    """Take randomness, the clock and the disk out of hypothesis, and leave what else the project has set.

    Its explanations go, too: they trace lines, which takes time, and tell of paths on this machine.
    """
    from hypothesis import Phase, settings

    phases = [phase for phase in settings().phases if phase != Phase.explain]
    settings.register_profile(PROFILE, parent=settings(), derandomize=True, deadline=None, database=None, phases=phases)
    settings.load_profile(PROFILE)


class ProfileOnImport:
    """A finder that loads the profile the moment hypothesis is imported.

    Decorators of test modules take over the settings in force when they run, so it must be then; and a project that
    does not use hypothesis shall not wait for its import.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find hypothesis as the other finders do, once, with the profile behind it."""
        if name != "hypothesis":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _ThenProfile(spec.loader)
        return spec


class _ThenProfile(Loader):
    """Another loader, which may be shared, and the profile after it."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        load_profile()
