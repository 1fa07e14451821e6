"""What a failed test has to say to a model: the assertion, the falsifying example, the expected and the got."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

LONGEST: Final = 1500
_CUT: Final = "\n[...]\n"

_ANSI: Final = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_ERROR_LINE: Final = re.compile(r"^E(?: {3}(.*))?$", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^\d{3,} ", re.MULTILINE)
_FRAME: Final = re.compile(r"^(\S+):\d+: in \w+\n {4}(.+)$", re.MULTILINE)
_BLOB: Final = re.compile(r"^You can reproduce this example by.*$", re.MULTILINE)


def detail_of(text: str, hidden: Mapping[str, str], given: Mapping[str, object] | None = None) -> str:
    """Return the part of a failure's text that matters, at most `LONGEST` characters.

    `hidden` maps a path that must not show to what stands for it; `given` are the parameters of a test's row.
    """
    plain = _ANSI.sub("", text)
    wanted = _of_doctest(plain) or _of_assertion(plain, given or {}) or plain
    for path, name in hidden.items():
        wanted = wanted.replace(path, name)
    return shortened(_BLOB.sub("", wanted).strip())


def shortened(text: str) -> str:
    """Cut the middle out of a long text: the error stands at its beginning, a falsifying example at its end."""
    if len(text) <= LONGEST:
        return text
    head = LONGEST * 3 // 5
    return text[:head] + _CUT + text[len(text) - (LONGEST - head - len(_CUT)) :]


def _of_assertion(text: str, given: Mapping[str, object]) -> str:
    errors = "\n".join(match[1] or "" for match in _ERROR_LINE.finditer(text))
    # A test that "did not raise" says nothing of what it was given, so the line and its parameters are told, too.
    frames = [(match[1], match[2]) for match in _FRAME.finditer(text)] if errors else []
    row = ", ".join(f"{name} = {value!r:.200}" for name, value in given.items())
    told = [f"in: {frames[0][1]}", f"with: {row}"] if frames and given else []
    told += [f"raised at: {frames[-1][1]}"] if frames and frames[-1][0] != frames[0][0] else []
    return "\n".join([errors, *told])


def _of_doctest(text: str) -> str:
    if not re.search(r"^(Expected:|Expected nothing|UNEXPECTED EXCEPTION)", text, re.MULTILINE):
        return ""
    lines = _NUMBERED.sub("", text).splitlines()
    examples = [number for number, line in enumerate(lines) if line.lstrip().startswith(">>>")]
    # The traceback leads through doctest itself; what was raised stands above it.
    ends = [number for number, line in enumerate(lines) if line.startswith("Traceback (most recent call last)")]
    return "\n".join(lines[examples[-1] : ends[-1] if ends else None]) if examples else ""
