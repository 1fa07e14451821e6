"""`[tool.compiled-ai.policy]`: what a project allows beside the default, and the limits of a body, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.pyproject import typed_items

WHERE = "[tool.compiled-ai.policy]"
SEVERITIES = ("low", "medium", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What bodies may use, and how long and how branched they may be.

    `imports` are modules, or packages with all that is below them, beside `policies/modules.py`; `builtins` are names
    beside `policies/builtin_functions.py`. `bandit` is the least severity that refuses. The limits count what the
    model wrote: lines of code, statements, blocks inside blocks, and ways through the body (McCabe).
    """

    imports: tuple[str, ...] = ()
    builtins: tuple[str, ...] = ()
    bandit: str = "low"
    max_lines: int = 120
    max_statements: int = 90
    max_nesting: int = 7
    max_complexity: int = 40

    def widened(self, imports: Iterable[str]) -> Policy:
        """Return the policy of one spec, whose `@spec(imports=[...])` names further modules."""
        return replace(self, imports=(*self.imports, *imports))

    def names(self, module: str) -> bool:
        """Tell whether a module, or a package above it, is among `imports`."""
        return any(module == name or module.startswith(f"{name}.") for name in self.imports)


def read_policy(config: Config) -> Policy:
    """Return the project's policy.

    Raises:
        ConfigError: a key is unknown, or a value has the wrong type or range.
    """
    types: dict[str, tuple[type, ...]] = {f.name: (int,) for f in fields(Policy)}
    types |= {"imports": (list,), "builtins": (list,), "bandit": (str,)}
    values = {key: _frozen(key, value) for key, value in typed_items(config.policy, types, WHERE)}
    policy = Policy(**values)
    if policy.bandit not in SEVERITIES:
        raise ConfigError(f"{WHERE} bandit must be one of {', '.join(SEVERITIES)}, not {policy.bandit!r}.")
    return policy


def _frozen(key: str, value: Any) -> Any:
    if isinstance(value, int) and value < 1:
        raise ConfigError(f"{WHERE} {key} must be at least 1, not {value}.")
    if not isinstance(value, list):
        return value
    if not all(isinstance(item, str) and all(part.isidentifier() for part in item.split(".")) for item in value):
        raise ConfigError(f"{WHERE} {key} must be a list of names, not {value!r}.")
    return tuple(value)
