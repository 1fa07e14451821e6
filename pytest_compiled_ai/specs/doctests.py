"""The code of a docstring's examples. The `doctest` module is left alone: it imports a debugger."""

from __future__ import annotations

import ast
import re
import textwrap
from typing import NamedTuple

from pytest_compiled_ai.specs.syntax import Function, clean_docstring, docstring_of

# Plain text: a run whose docstrings hold no examples need not compile them.
_EXAMPLE = r"^[ \t]*>>>(?: (?P<first>.*)|$)(?P<more>(?:\n[ \t]*\.\.\.(?: .*|$))*)"
_MORE = r"^[ \t]*\.\.\. ?"


class Documented(NamedTuple):
    """One docstring: `name` is what pytest calls its examples, as in `Stack` and `Stack.push`."""

    name: str
    line: int
    text: str


def docstrings_in(node: Function | ast.ClassDef) -> tuple[Documented, ...]:
    """Return the docstring of a definition, and of a class those of its methods; the first of a name counts."""
    found: dict[str, Function | ast.ClassDef] = {node.name: node}
    for item in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(item, Function) and docstring_of(item.body) is not None:
            found.setdefault(f"{node.name}.{item.name}", item)
    texts = ((name, item.lineno, docstring_of(item.body)) for name, item in found.items())
    return tuple(Documented(name, line, clean_docstring(text)) for name, line, text in texts if text is not None)


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
