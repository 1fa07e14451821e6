"""A project's pyproject.toml as a file: where it is, its tables, and their values by type."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pytest_compiled_ai.errors import ConfigError


def find_root(start: Path) -> Path | None:
    """Return the nearest folder at or above `start` whose pyproject.toml has a [tool.compiled-ai] table."""
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file() and read_table(folder) is not None:
            return folder
    return None


def read_table(root: Path) -> dict[str, Any] | None:
    """Return the raw [tool.compiled-ai] table, or None where pyproject.toml has none.

    Raises:
        ConfigError: pyproject.toml is not valid TOML.
    """
    path = root / "pyproject.toml"
    try:
        text = path.read_text(encoding="utf-8")
        if "compiled-ai" not in text:
            return None
        tool = parse_toml(text).get("tool", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    table = tool.get("compiled-ai") if isinstance(tool, dict) else tool
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: [tool.compiled-ai] must be a table.")
    return table


@functools.lru_cache(maxsize=8)
def parse_toml(text: str) -> dict[str, Any]:
    """Return what a TOML file holds, to be read and not changed: a run asks for the same pyproject.toml several times.

    Raises:
        tomllib.TOMLDecodeError: it is not valid TOML.
    """
    return tomllib.loads(text)


def read_project_table(root: Path) -> dict[str, Any]:
    """Return the [project] table of a pyproject.toml that was read before, empty where there is none."""
    table = parse_toml((root / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    return table if isinstance(table, dict) else {}


def typed_items(
    table: Mapping[str, Any], types: Mapping[str, tuple[type, ...]], where: str
) -> Iterable[tuple[str, Any]]:
    """Yield a table's keys and values.

    Raises:
        ConfigError: a key is none of `types`, or its value is of none of the key's types.
    """
    for key, value in table.items():
        if key not in types:
            import difflib

            near = difflib.get_close_matches(key, types, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(types)}."
            raise ConfigError(f"unknown key {key!r} in {where}{hint}")
        if not isinstance(value, types[key]) or (isinstance(value, bool) and bool not in types[key]):
            wanted = " or ".join(kind.__name__ for kind in types[key])
            raise ConfigError(f"{where} {key} must be a {wanted}, not {value!r}.")
        yield key, value
