"""`[tool.compiled-ai]` of a project's pyproject.toml, as a frozen `Config`; an unknown key is an error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.pyproject import read_table, typed_items

EMBEDDED = "embedded"
CONCURRENCY = 8
_MOST_HELD_OUT = 0.5
_NONE: Mapping[str, Any] = MappingProxyType({})


class ProviderSettings(NamedTuple):
    """How to reach one OpenAI-compatible endpoint, and what a million tokens in and out cost there.

    `api_key_env` is the NAME of an environment variable. `concurrency` specs are under way there at a time.
    """

    base_url: str | None = None
    model: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    price: tuple[float, float] | None = None
    concurrency: int = CONCURRENCY


class Budget(NamedTuple):
    """What one run may spend on questions: tokens in and out, money in the unit of the prices, seconds."""

    tokens: int | None = None
    cost: float | None = None
    seconds: float | None = None


class Config(NamedTuple):
    """A project's settings. `timeout` is in seconds, for one run of a spec's tests.

    `provider` is None where the project names none: then the embedded model is used if it is there; of several, each is
    asked where those before it found no body. `held_out` is the share of a spec's examples that no model is told.
    `confirm_samples` more bodies are asked for behind one that passes, and compared with it; `ambiguity` says whether a
    difference is a note or an error. With `require_review` a check refuses a body that nobody approved. `policy` is the
    table as written: `policies/policy.py` reads it, which a plain run does not import. `allow` are kinds of secrets and
    personal data that may be sent to a remote model. `policies` are the policy packs that hold for every spec.
    `executor` says who judges candidates: this machine, or the workers of the Dask cluster whose `scheduler` is named.
    """

    root: Path
    specs: tuple[str, ...] = ("specs",)
    generated: str = "src/generated"
    provider: str | tuple[str, ...] | None = None
    model: str | None = None
    base_url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    price: tuple[float, float] | None = None
    concurrency: int = CONCURRENCY
    executor: str = "local"
    scheduler: str | None = None
    attempts: int = 8
    budget: Budget = Budget()
    confirm_samples: int = 0
    ambiguity: str = "note"
    require_review: bool = False
    timeout: float = 10.0
    held_out: float = 0.25
    isolation: str = "auto"
    allow: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    providers: Mapping[str, ProviderSettings] = _NONE
    policy: Mapping[str, Any] = _NONE

    @property
    def ladder(self) -> tuple[str, ...]:
        """The names of those who are asked, in turn."""
        return self.provider if isinstance(self.provider, tuple) else (self.provider or EMBEDDED,)

    @property
    def generated_root(self) -> Path:
        """The folder that holds the artifacts."""
        return self.root / self.generated

    @property
    def package(self) -> str:
        """The import name of the generated folder: `src/generated` -> `generated`, `app/gen` -> `app.gen`."""
        parts = PurePosixPath(self.generated).parts
        return ".".join(parts[1:] if parts[0] == "src" and len(parts) > 1 else parts)

    @property
    def import_root(self) -> Path:
        """The folder that has to be on `sys.path` for `package` to be importable."""
        return self.root.joinpath(*PurePosixPath(self.generated).parts[: -len(self.package.split("."))])

    def settings_of(self, provider: str) -> ProviderSettings:
        """Return the endpoint settings behind a provider's name.

        Raises:
            ConfigError: no provider of that name is configured.
        """
        if provider == "openai":
            return ProviderSettings(self.base_url, self.model, self.api_key_env, self.price, self.concurrency)
        if provider not in self.providers:
            known = ", ".join([EMBEDDED, "openai", *self.providers])
            raise ConfigError(
                f"provider {provider!r} is not configured; known: {known}. Add [tool.compiled-ai.providers.{provider}]."
            )
        return self.providers[provider]


def load_config(root: Path, **flags: Any) -> Config:
    """Return the settings of the project at `root`; a flag that is not None wins over the table.

    Raises:
        ConfigError: a key is unknown, or a value has the wrong type or range.
    """
    table = read_table(root) or {}
    config = Config(root=root)._replace(**_parse(table))
    if (seconds := flags.pop("max_time", None)) is not None:
        if not seconds > 0:
            raise ConfigError(f"--compile-ai-max-time must be more than 0 seconds, not {seconds:g}.")
        config = config._replace(budget=config.budget._replace(seconds=seconds))
    return _checked(config._replace(**{name: value for name, value in flags.items() if value is not None}))


def _parse(table: Mapping[str, Any]) -> dict[str, Any]:
    types: dict[str, tuple[type, ...]] = {
        "specs": (list,), "generated": (str,), "provider": (str, list), "model": (str,), "base_url": (str,),
        "api_key_env": (str,), "attempts": (int,), "timeout": (int, float), "isolation": (str,), "allow": (list,),
        "providers": (dict,), "policy": (dict,), "held_out": (int, float), "price": (list,), "budget": (dict,),
        "confirm_samples": (int,), "ambiguity": (str,), "require_review": (bool,),
        "concurrency": (int,), "executor": (str,), "scheduler": (str,), "policies": (list,),
    }  # fmt: skip
    values = dict(typed_items(table, types, "[tool.compiled-ai]"))
    if "specs" in values:
        if not all(isinstance(item, str) for item in values["specs"]):
            raise ConfigError(f"[tool.compiled-ai] specs must be a list of folders or globs, not {values['specs']!r}.")
        values["specs"] = tuple(values["specs"])
    if "allow" in values:
        values["allow"] = tuple(map(str, values["allow"]))
    if "policies" in values:
        if not all(isinstance(item, str) for item in values["policies"]):
            raise ConfigError(f"[tool.compiled-ai] policies must be a list of names, not {values['policies']!r}.")
        values["policies"] = tuple(values["policies"])
    if isinstance(values.get("provider"), list):
        values["provider"] = tuple(map(str, values["provider"]))
    if "price" in values:
        values["price"] = _price(values["price"], "[tool.compiled-ai]")
    values["budget"] = _budget(values.get("budget", {}))
    values["providers"] = {name: _endpoint(name, raw) for name, raw in values.get("providers", {}).items()}
    return values


def _endpoint(name: str, raw: object) -> ProviderSettings:
    where = f"[tool.compiled-ai.providers.{name}]"
    if not isinstance(raw, dict):
        raise ConfigError(f"{where} must be a table.")
    types: dict[str, tuple[type, ...]] = dict.fromkeys(ProviderSettings._fields, (str,))
    values = dict(typed_items(raw, types | {"price": (list,), "concurrency": (int,)}, where))
    if "price" in values:
        values["price"] = _price(values["price"], where)
    return ProviderSettings(**values)


def _price(raw: list[Any], where: str) -> tuple[float, float]:
    if len(raw) != 2 or not all(type(item) in {int, float} and item >= 0 for item in raw):
        raise ConfigError(f"{where} price must be two numbers, what a million tokens in and out cost, not {raw!r}.")
    return float(raw[0]), float(raw[1])


def _budget(raw: Mapping[str, Any]) -> Budget:
    types: dict[str, tuple[type, ...]] = {"tokens": (int,), "cost": (int, float), "seconds": (int, float)}
    values = dict(typed_items(raw, types, "[tool.compiled-ai.budget]"))
    for key, value in values.items():
        if value <= 0:
            raise ConfigError(f"[tool.compiled-ai.budget] {key} must be more than 0, not {value!r}.")
    return Budget(**values)


def _checked(config: Config) -> Config:
    if config.attempts < 1:
        raise ConfigError(f"attempts must be at least 1, not {config.attempts}.")
    if min([config.concurrency, *(each.concurrency for each in config.providers.values())]) < 1:
        raise ConfigError("concurrency must be at least 1: so many specs are under way at a provider at a time.")
    if not config.timeout > 0:
        raise ConfigError(f"timeout must be a positive number of seconds, not {config.timeout}.")
    if not 0 <= config.held_out <= _MOST_HELD_OUT:
        raise ConfigError(f"held_out must be a share between 0 and {_MOST_HELD_OUT}, not {config.held_out}.")
    if config.confirm_samples < 0:
        raise ConfigError(f"confirm_samples must be 0 or more, not {config.confirm_samples}.")
    if config.ambiguity not in {"note", "error"}:
        raise ConfigError(f"ambiguity must be 'note' or 'error', not {config.ambiguity!r}.")
    if config.executor not in {"local", "dask"}:
        raise ConfigError(f"executor must be 'local' or 'dask', not {config.executor!r}.")
    if config.isolation not in {"auto", "sealed"}:
        raise ConfigError(f"isolation must be 'auto' or 'sealed', not {config.isolation!r}.")
    if not config.ladder or not all(config.ladder):
        raise ConfigError("provider must name at least one provider, and none by an empty name.")
    if config.budget.cost is not None:
        # What a plugin's provider costs is not known here: its questions count as free.
        for name in config.ladder:
            if name in {"openai", *config.providers} and config.settings_of(name).price is None:
                raise ConfigError(
                    f"budget.cost needs to know what {name!r} costs: set price = [in, out] beside its model."
                )
    if not config.specs:
        raise ConfigError("specs must name at least one folder or glob.")
    for name in (*config.specs, config.generated):
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise ConfigError(f"{name!r} must be a path inside the project, relative to its root.")
    if not all(part.isidentifier() for part in config.package.split(".")):
        raise ConfigError(f"generated = {config.generated!r} cannot be imported: each folder must be a Python name.")
    return config
