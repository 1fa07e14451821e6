"""The code of a docstring's examples. The `doctest` module is left alone: it imports a debugger."""

from __future__ import annotations

import ast
import functools
import re
import textwrap
from typing import NamedTuple

from pytest_compiled_ai.specs.syntax import Function, clean_docstring, docstring_of

# Plain text: a run whose docstrings hold no examples need not compile them.
_EXAMPLE = r"^[ \t]*>>>(?: (?P<first>.*)|$)(?P<more>(?:\n[ \t]*\.\.\.(?: .*|$))*)"
_MORE = r"^[ \t]*\.\.\. ?"


class Documented(NamedTuple):
    """One docstring: `name` is what pytest calls its examples, as in `Stack` and `Stack.push`.

    `line` is the definition's, `text_line` that of the text's first line.
    """

    name: str
    line: int
    text: str
    text_line: int


@functools.lru_cache(maxsize=16)
def docstrings_in(node: Function | ast.ClassDef) -> tuple[Documented, ...]:
    """Return the docstring of a definition, and of a class those of its methods; the first of a name counts."""
    found: dict[str, Function | ast.ClassDef] = {node.name: node}
    for item in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(item, Function) and docstring_of(item.body) is not None:
            found.setdefault(f"{node.name}.{item.name}", item)
    texts = ((name, item, docstring_of(item.body)) for name, item in found.items())
    return tuple(
        Documented(name, item.lineno, clean_docstring(text), _text_line(item.body[0], text))
        for name, item, text in texts
        if text is not None
    )


def _text_line(statement: ast.stmt, text: str) -> int:
    # Counted from the end: a text may begin on the line after its quotes, by a backslash.
    first = (statement.end_lineno or 0) - text.count("\n")
    lines = text.split("\n")
    return first + next((number for number, line in enumerate(lines) if line.strip()), 0)


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
