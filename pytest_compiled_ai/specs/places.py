"""Where spec files lie, what they are called, and where their artifacts go."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.layout import spec_base
from pytest_compiled_ai.specs.model import SpecLineError

_NO_SPECS = frozenset({"__init__.py", "conftest.py"})


def spec_bases(config: Config) -> tuple[str, ...]:
    """Return the folder of each `specs` entry, relative to the root: of a glob, its leading parts without magic."""
    return tuple(dict.fromkeys(spec_base(entry).as_posix() for entry in config.specs))


def spec_paths(config: Config) -> Iterator[Path]:
    """Yield every Python file that the configured folders and globs name, each once, sorted within an entry."""
    seen: set[Path] = set()
    for entry in config.specs:
        for path in sorted(_matches(config.root, entry)):
            if path not in seen and _may_hold_specs(path, config):
                seen.add(path)
                yield path


def target_stem(relative: str, config: Config) -> PurePosixPath:
    """Return a spec file's path below its spec folder, without `.py`: where its artifact lies below `generated`.

    Raises:
        SpecLineError: the file lies outside all spec folders, or a part of its path is no Python name.
    """
    path = PurePosixPath(relative)
    base = next((base for base in spec_bases(config) if path.is_relative_to(base)), None)
    if base is None:
        raise SpecLineError(relative, 1, f"lies outside the spec folders: {', '.join(config.specs)}.")
    for part in path.with_suffix("").parts:
        if not part.isidentifier() or keyword.iskeyword(part):
            raise SpecLineError(relative, 1, f"{part!r} is no Python name, so it cannot be imported; rename it.")
    return path.with_suffix("").relative_to(base)


def _matches(root: Path, entry: str) -> Iterator[Path]:
    for match in root.glob(entry):
        if match.is_dir():
            yield from match.rglob("*.py")
        elif match.suffix == ".py":
            yield match


def _may_hold_specs(path: Path, config: Config) -> bool:
    parts = path.relative_to(config.root).parts
    if any(part.startswith(".") or part == "__pycache__" for part in parts) or not path.is_file():
        return False
    return path.name not in _NO_SPECS and not path.is_relative_to(config.generated_root)
