"""The code of a docstring's examples. The `doctest` module is left alone: it imports a debugger."""

from __future__ import annotations

import ast
import re
import textwrap

_EXAMPLE = re.compile(r"^[ \t]*>>>(?: (?P<first>.*)|$)(?P<more>(?:\n[ \t]*\.\.\.(?: .*|$))*)", re.MULTILINE)
_MORE = re.compile(r"^[ \t]*\.\.\. ?", re.MULTILINE)


def examples_in(docstring: str) -> tuple[ast.stmt, ...]:
    """Return the statements of a docstring's `>>>` examples, as far as they are Python."""
    return tuple(statement for match in _EXAMPLE.finditer(docstring) for statement in _parsed(match))


def _parsed(match: re.Match[str]) -> list[ast.stmt]:
    code = (match["first"] or "") + _MORE.sub("", match["more"] or "")
    try:
        return ast.parse(textwrap.dedent(code)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
