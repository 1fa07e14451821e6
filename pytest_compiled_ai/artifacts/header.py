"""What shows that a compile wrote a file: its first line, which names the spec file behind it."""

from __future__ import annotations

import re

_FIRST = re.compile(r"# Compiled from (?P<spec>.+) by pytest-compiled-ai\.$")
_SECOND = "# Change the spec, then run `pytest --compile-ai`"


def spec_in_header(text: str) -> str | None:
    """Return the path of the spec file that an artifact's header names, None where there is no header."""
    found = _FIRST.match(text.partition("\n")[0].strip())
    return found["spec"] if found else None


def count_header(lines: list[str]) -> int:
    """Return how many lines the header takes."""
    if not lines or spec_in_header(lines[0]) is None:
        return 0
    return 2 if len(lines) > 1 and lines[1].startswith(_SECOND) else 1
