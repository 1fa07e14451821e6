"""The packs by name: ours, and those that plugins add."""

from __future__ import annotations

from typing import Final

import pluggy

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.extensions import load_extensions
from pytest_compiled_ai.policies.packs.base import Pack
from pytest_compiled_ai.policies.packs.hipaa import HIPAA
from pytest_compiled_ai.policies.packs.pci import PCI
from pytest_compiled_ai.policies.packs.pure import PURE
from pytest_compiled_ai.policies.packs.soc2 import SOC2
from pytest_compiled_ai.specs.model import SpecLineError, Stub

BUILTIN: Final = (HIPAA, PCI, SOC2, PURE)


def list_packs(manager: pluggy.PluginManager) -> dict[str, Pack]:
    """Return all packs by name.

    Raises:
        ConfigError: two have the same name.
    """
    found: dict[str, Pack] = {}
    for pack in (*BUILTIN, *(each for given in manager.hook.compiled_ai_policies() for each in given)):
        if pack.name in found:
            raise ConfigError(f"two policy packs have the name {pack.name!r}; the plugin's needs another one.")
        found[pack.name] = pack
    return found


def packs_of_project(config: Config) -> tuple[Pack, ...]:
    """Return the packs that hold for every spec of a project.

    Raises:
        ConfigError: it names one that is not known.
    """
    if not config.policies:
        return ()
    known = list_packs(load_extensions())
    for name in config.policies:
        if name not in known:
            raise ConfigError(
                f"[tool.compiled-ai] policies names {name!r}, which is no policy pack; known: {', '.join(known)}."
            )
    return tuple(known[name] for name in dict.fromkeys(config.policies))


def packs_of(config: Config, stub: Stub) -> tuple[Pack, ...]:
    """Return the packs that hold for a spec: the project's, then its own.

    Raises:
        ConfigError: the project names one that is not known.
        SpecLineError: the spec does.
    """
    packs = packs_of_project(config)
    own = [name for name in dict.fromkeys(stub.options.policies) if name not in {pack.name for pack in packs}]
    known = list_packs(load_extensions()) if own else {}
    for name in own:
        if name not in known:
            said = f"policies names {name!r}, which is no policy pack; known: {', '.join(known)}."
            raise SpecLineError(stub.id.partition("::")[0], stub.line, said)
    return (*packs, *(known[name] for name in own))
