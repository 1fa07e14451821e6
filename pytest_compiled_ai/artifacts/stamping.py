"""A new stamp above one definition of an artifact; every other byte of the file stays. Pure: text in, text out."""

from __future__ import annotations

import ast

from pytest_compiled_ai.artifacts.exact import lines_of, newline_of
from pytest_compiled_ai.artifacts.module import STAMP, Definition, Section
from pytest_compiled_ai.specs.headers import first_line


def restamp(text: str, section: Section) -> str:
    """Return an artifact's text with the section's stamp above its definition, and no other above that one.

    Raises:
        SyntaxError: the file is not Python.
    """
    lines = lines_of(text)
    nodes = [node for node in ast.parse(text).body if isinstance(node, Definition)]
    start = first_line(next(node for node in nodes if node.name == section.name)) - 1
    above = start
    while above and _is_remark(lines[above - 1]):
        above -= 1
    kept = [line for line in lines[above:start] if not is_stamp(line)]
    return "".join([*lines[:above], *kept, section.stamp, newline_of(text), *lines[start:]])


def is_stamp(line: str) -> bool:
    """Say whether a line is a section's stamp and nothing else."""
    return STAMP.match(line.strip()) is not None


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
