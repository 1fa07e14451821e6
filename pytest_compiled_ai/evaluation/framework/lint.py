"""What a linter says of generated code, where one is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

_SECONDS = 20


def find_linter() -> str | None:
    """Return ruff's path, None where it is installed neither beside this Python nor on the search path."""
    return shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")


def count_findings(source: str, linter: str) -> int | None:
    """Return how many findings ruff has with its default rules, None where it fails; nothing is executed or written.

    A name that the artifact imports is undefined in a function that stands alone: that finding is left out.
    """
    command = [linter, "check", "--isolated", "--no-cache", "--ignore", "F821", "--output-format", "json", "-"]
    try:
        done = subprocess.run(
            command, input=source, capture_output=True, text=True, encoding="utf-8", timeout=_SECONDS, check=False
        )
        return len(json.loads(done.stdout))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
