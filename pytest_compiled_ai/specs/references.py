"""Names of stubs in other files, as ids: `uses=[rate]`, `uses=["rates.rate"]`."""

from __future__ import annotations

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.specs.imports import Binding, absolute_module
from pytest_compiled_ai.specs.places import spec_bases


def resolve_reference(
    name: str, *, module: str, own: dict[str, str], bindings: tuple[Binding, ...], config: Config
) -> str | None:
    """Return the id of the stub that `name` means in the spec module `module`, or None where no spec file fits.

    `own` maps the file's own stubs to their ids. Whether the other file really holds the stub is not looked up.
    """
    if name in own:
        return own[name]
    head, _, rest = name.partition(".")
    for binding in bindings:
        full = _imported(binding, module) if binding.bound == head else None
        if full is not None and (found := _id_of(f"{full}.{rest}" if rest else full, config)):
            return found
    return _id_of(name, config) or _id_of(f"{config.package}.{name}", config)


def _imported(binding: Binding, module: str) -> str | None:
    source = absolute_module(binding, module)
    if binding.name:
        return f"{source}.{binding.name}" if source else None
    return source if binding.alias else binding.bound


def _id_of(full: str, config: Config) -> str | None:
    """Return the id behind `specs.rates.rate` or `generated.rates.rate` if there is such a spec file."""
    source, _, name = full.rpartition(".")
    inside = source.removeprefix(f"{config.package}.")
    folders = spec_bases(config) if inside != source else ("",)
    for folder in folders:
        path = "/".join([*([folder] if folder not in {"", "."} else []), *inside.split(".")]) + ".py"
        is_spec = any(base == "." or path.startswith(f"{base}/") for base in spec_bases(config))
        if source and is_spec and (config.root / path).is_file():
            return f"{path}::{name}"
    return None
