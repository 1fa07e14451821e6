"""The code of a docstring's examples. The `doctest` module is left alone: it imports a debugger."""

from __future__ import annotations

import ast
import re
import textwrap

# Plain text: a run whose docstrings hold no examples need not compile them.
_EXAMPLE = r"^[ \t]*>>>(?: (?P<first>.*)|$)(?P<more>(?:\n[ \t]*\.\.\.(?: .*|$))*)"
_MORE = r"^[ \t]*\.\.\. ?"


def examples_in(docstring: str) -> tuple[ast.stmt, ...]:
    """Return the statements of a docstring's `>>>` examples, as far as they are Python."""
    found = re.finditer(_EXAMPLE, docstring, re.MULTILINE)
    return tuple(statement for match in found for statement in _parsed(match))


def _parsed(match: re.Match[str]) -> list[ast.stmt]:
    code = (match["first"] or "") + re.sub(_MORE, "", match["more"] or "", flags=re.MULTILINE)
    try:
        return ast.parse(textwrap.dedent(code)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
