"""Lines of a project that name this package: what a person has to take out by hand."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

_NAMED = re.compile(r"compiled[-_]ai|--(?:no-)?compile-ai")
_SUFFIXES = frozenset({".py", ".toml", ".cfg", ".ini", ".txt", ".in", ".yaml", ".yml", ".json"})
_NAMES = frozenset({"Makefile", "Dockerfile", "CODEOWNERS", ".gitattributes", ".gitignore"})
_SKIPPED = frozenset(
    {".git", ".hg", ".compiled-ai", "__pycache__", "node_modules", "site-packages", ".tox", ".nox", ".mypy_cache",
     ".ruff_cache", ".pytest_cache", ".hypothesis"}
)  # fmt: skip
_LARGEST = 1_000_000


def find_mentions(root: Path, planned: Mapping[Path, str], gone: Collection[Path]) -> Iterator[str]:
    """Yield `path:line: text` for each line that names us, in files as they are planned to be."""
    for path in _text_files(root):
        if path in gone:
            continue
        try:
            text = planned[path] if path in planned else path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if _NAMED.search(line):
                yield f"{path.relative_to(root).as_posix()}:{number}: {line.strip()[:60]}"


def _text_files(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        below[:] = sorted(
            name for name in below if name not in _SKIPPED and not (Path(folder) / name / "pyvenv.cfg").exists()
        )
        for path in (Path(folder) / name for name in sorted(names)):
            is_text = path.suffix in _SUFFIXES or path.name in _NAMES
            if is_text and path.is_file() and path.stat().st_size < _LARGEST:
                yield path
