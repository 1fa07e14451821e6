"""What others may add, by pluggy: a plugin registers under the entry point group `compiled_ai`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from pytest_compiled_ai.config import Config
    from pytest_compiled_ai.gates.base import Gate
    from pytest_compiled_ai.policies.packs.base import Pack
    from pytest_compiled_ai.providers.base import Provider
    from pytest_compiled_ai.templates.base import Template

NAME = "compiled_ai"
hookspec = pluggy.HookspecMarker(NAME)
hookimpl = pluggy.HookimplMarker(NAME)


@hookspec(firstresult=True)
def compiled_ai_create_provider(name: str, config: Config, environ: Mapping[str, str]) -> Provider | None:
    """Return the provider that a configuration means by `name`, or None to leave it to others."""


@hookspec
def compiled_ai_gates(config: Config) -> list[Gate] | None:
    """Return gates of your own, if any; they run after the built-in ones of their stage."""


@hookspec
def compiled_ai_policies() -> list[Pack] | None:
    """Return policy packs of your own, if any; each has a name of its own."""


@hookspec
def compiled_ai_templates() -> list[Template] | None:
    """Return templates of your own, if any; each has a name of its own."""
