"""A docstring's two halves: the examples after `>>>` with what they show, and the prose around them."""

from __future__ import annotations

import ast
import doctest
import re
import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from pytest_compiled_ai.specs.doctests import examples_in
from pytest_compiled_ai.specs.syntax import parse_expression

_SHOWN = r"^[ \t]*>>>.*(?:\n[ \t]*[^ \t\n>].*)*"
_TOLD = r"^.*(?:=>|->|➞|→).*$"
_RAISED = re.compile(r"^Traceback .*^(?P<name>[\w.]+)(?::|$)", re.MULTILINE | re.DOTALL)


class Documented(NamedTuple):
    """One example: its statements, and the value that it shows or the name of the exception that it raises."""

    statements: tuple[ast.stmt, ...]
    text: str
    wanted: ast.expr | None
    raised: str


def read_documented(docstring: str) -> tuple[Documented, ...]:
    """Return the examples of a docstring, as far as they can be read."""
    try:
        found = doctest.DocTestParser().get_examples(docstring)
    except ValueError:
        return ()
    return tuple(_read(example.source, example.want) for example in found)


def prose_of(docstring: str, functions: Iterable[str]) -> str:
    """Return a docstring without its examples: those after `>>>`, and lines that show a call or an arrow."""
    text = re.sub(_SHOWN, "", docstring, flags=re.MULTILINE)
    for name in functions:
        text = re.sub(rf"^.*\b{re.escape(name)}\(.*$", "", text, flags=re.MULTILINE)
    return re.sub(_TOLD, "", text, flags=re.MULTILINE)


def _read(source: str, want: str) -> Documented:
    statements = examples_in(">>> " + textwrap.indent(source, "... ").removeprefix("... "))
    raised = _RAISED.match(want)
    name = raised["name"].rpartition(".")[2] if raised else ""
    return Documented(statements, want.strip(), None if name or not want.strip() else parse_expression(want), name)
