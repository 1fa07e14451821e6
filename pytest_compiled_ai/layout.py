"""Which artifact belongs to which spec file, from the paths alone. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_compiled_ai.config import Config

_MAGIC = frozenset("*?[")


def spec_base(entry: str) -> PurePosixPath:
    """Return the folder that artifact paths are relative to: of `specs` itself, of `specs/*/api_*.py` `specs`."""
    parts = PurePosixPath(entry).parts
    plain = next((i for i, part in enumerate(parts) if _MAGIC & set(part)), len(parts))
    base = PurePosixPath(*parts[:plain])
    return base.parent if base.suffix == ".py" else base


def spec_pattern(entry: str) -> str:
    """Return the glob, relative to the root, of the files that an entry of `specs` covers (`*` crosses folders)."""
    return entry if _MAGIC & set(entry) or entry.endswith(".py") else f"{entry}/*.py"


def target_module(config: Config, spec_path: Path) -> str | None:
    """Return the import name of the artifact of a spec file (`generated.money`), or None for a file outside `specs`."""
    try:
        relative = PurePosixPath(spec_path.relative_to(config.root).as_posix())
    except ValueError:
        return None
    for entry in config.specs:
        base = spec_base(entry)
        if relative.is_relative_to(base):
            return ".".join((config.package, *relative.relative_to(base).with_suffix("").parts))
    return None


def target_path(config: Config, module: str) -> Path:
    """Return the file of an artifact: `generated.money` -> `<root>/src/generated/money.py`."""
    parts = module.removeprefix(config.package + ".").split(".")
    return config.generated_root.joinpath(*parts).with_suffix(".py")


def spec_module(config: Config, spec_path: Path) -> str:
    """Return the import name of a spec file: its path from the root, as in `specs.money`."""
    return ".".join(spec_path.relative_to(config.root).with_suffix("").parts)


def spec_path(config: Config, module: str) -> Path | None:
    """Return the spec file behind an artifact's import name, or None where there is none."""
    tail = Path(*module.removeprefix(config.package + ".").split(".")).with_suffix(".py")
    candidates = (config.root / spec_base(entry) / tail for entry in config.specs)
    return next((path for path in candidates if path.is_file()), None)
