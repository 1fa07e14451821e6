"""Files that go: each with the bytecode that Python made of it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import Path

from pytest_compiled_ai.errors import ConfigError


def remove_files(paths: Iterable[Path]) -> None:
    """Remove each file that is there.

    Raises:
        ConfigError: one cannot be removed; those before it are gone.
    """
    for path in paths:
        try:
            path.unlink(missing_ok=True)
            if path.suffix == ".py":
                Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(f"{path} cannot be removed ({error.strerror or error}).") from None
