"""An artifact as an ordinary module: no stamps, no marks, no header; the definitions stay byte for byte. Pure."""

from __future__ import annotations

import ast

from pytest_compiled_ai.artifacts.exact import lines_of, newline_of
from pytest_compiled_ai.artifacts.header import count_header
from pytest_compiled_ai.artifacts.helpers import marked_lines
from pytest_compiled_ai.artifacts.module import Definition
from pytest_compiled_ai.artifacts.scaffolding import scaffold_marks
from pytest_compiled_ai.artifacts.stamping import is_stamp
from pytest_compiled_ai.specs.headers import first_line


def plain_module(text: str, spec: str) -> str:
    """Return an artifact's text without what is ours; a docstring names the file that tests it.

    Raises:
        SyntaxError: the file is not Python.
    """
    tree, lines = ast.parse(text), lines_of(text)
    starts = [first_line(node) - 1 for node in tree.body if isinstance(node, Definition)]
    stamps = {start - 1 for start in starts if start and is_stamp(lines[start - 1])} | marked_lines(tree, lines)
    stamps |= scaffold_marks(tree, lines)
    header = count_header(lines)
    has_docstring = ast.get_docstring(tree) is not None
    head = [f'"""The code that {spec} tests."""{newline_of(text)}'] if header and not has_docstring else []
    return "".join([*head, *(line for at, line in enumerate(lines) if at >= header and at not in stamps)])
