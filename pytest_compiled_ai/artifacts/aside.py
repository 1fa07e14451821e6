"""A file that cannot be read any more is copied to the state folder before what could be read of it is written."""

from __future__ import annotations

import ast
import json
import shutil
from contextlib import suppress
from pathlib import Path

from pytest_compiled_ai.artifacts.lock import state_folder


def is_damaged(path: Path) -> bool:
    """Return whether an artifact is there that is no Python, or a record file that is no JSON."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        (ast.parse if path.suffix == ".py" else json.loads)(text)
    except OSError:
        return False
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return False


def put_aside(root: Path, path: Path) -> None:
    """Copy a file to the state folder, as far as that can be done."""
    with suppress(OSError):
        shutil.copyfile(path, state_folder(root) / f"{path.name}.orig")
