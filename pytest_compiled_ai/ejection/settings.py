"""pyproject.toml without our tables, and with what pytest needs in our place; all else byte for byte. Pure.

The text is edited line by line, and the result counts only where TOML's own parser reads what was meant from it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from pytest_compiled_ai.artifacts.exact import lines_of, newline_of, with_blanks
from pytest_compiled_ai.errors import ConfigError

_TABLE = re.compile(r"\s*\[\[?(?P<key>[^\[\]]+)\]\]?\s*(?:#.*)?$")
_OURS = ["tool", "compiled-ai"]
_PYTEST = (["tool", "pytest", "ini_options"], ["tool", "pytest"])


def without_tables(text: str) -> str:
    """Return a pyproject.toml without `[tool.compiled-ai]` and the tables below it.

    Raises:
        ConfigError: they are not written as tables of their own.
    """
    lines = lines_of(text)
    for start, end in reversed(list(_ours(lines))):
        first, last = with_blanks(lines, start, _own_end(lines, start, end))
        del lines[first:last]
    new = "".join(lines)
    meant = dict(tomllib.loads(text))
    meant["tool"] = {name: table for name, table in meant.get("tool", {}).items() if name != _OURS[1]}
    if not _says(new, meant):
        told = "cannot be told from the rest of pyproject.toml; write it as a table of its own, then eject again."
        raise ConfigError(f"[tool.compiled-ai] {told}")
    return new


def with_settings(text: str, wanted: Mapping[str, list[str]]) -> str | None:
    """Return a pyproject.toml with these keys in its pytest table, None where that cannot be done safely."""
    lines = lines_of(text)
    keys = [_key(line) for line in lines]
    table = next((table for table in _PYTEST if table in keys), None)
    if table is None:
        return None
    added = [f"{key} = {toml_list(values)}{newline_of(text)}" for key, values in wanted.items()]
    at = keys.index(table) + 1
    new = "".join([*lines[:at], *added, *lines[at:]])
    meant: dict[str, Any] = tomllib.loads(text)
    inner = meant
    for part in table:
        inner = inner[part]
    inner.update(wanted)
    return new if _says(new, meant) else None


def toml_list(values: list[str]) -> str:
    """Return a list of strings as TOML writes it."""
    return f"[{', '.join(_quoted(value) for value in values)}]"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _ours(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where our tables stand, those that follow each other as one."""
    headers = [(at, key[:2] == _OURS) for at, line in enumerate(lines) if (key := _key(line))]
    start = None
    for at, is_ours in [*headers, (len(lines), False)]:
        if is_ours and start is None:
            start = at
        elif start is not None and not is_ours:
            yield start, at
            start = None


def _key(line: str) -> list[str] | None:
    found = _TABLE.match(line.rstrip("\r\n"))
    return [part.strip().strip("\"'") for part in found["key"].split(".")] if found else None


def _own_end(lines: list[str], start: int, end: int) -> int:
    """Return where a table ends: comments right above the next one are that one's."""
    last = end
    while end < len(lines) and last > start + 1 and lines[last - 1].lstrip().startswith("#"):
        last -= 1
    while last > start + 1 and not lines[last - 1].strip():
        last -= 1
    return last


def _says(text: str, meant: Mapping[str, Any]) -> bool:
    try:
        return dict(_filled(tomllib.loads(text))) == dict(_filled(meant))
    except tomllib.TOMLDecodeError:
        return False


def _filled(tables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, table) for name, table in tables.items() if table != {})
