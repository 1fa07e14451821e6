"""The header of a function or a class, as text: from its first decorator through its colon."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pytest_compiled_ai.specs.scopes import defaults_of, parameters_of
from pytest_compiled_ai.specs.syntax import Function, docstring_of, lines_of


def first_line(node: Function | ast.ClassDef) -> int:
    """Return the line, from 1, of a definition's first decorator, or of its own where it has none."""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def header_of(node: Function | ast.ClassDef, source: str, first: int) -> str:
    """Return the source from the line `first` through the colon, exactly as written."""
    lines = lines_of(source)
    last, colon = _find_end(node, lines)
    return b"\n".join([*lines[first - 1 : last], lines[last][: colon + 1]]).decode()


def head_end(node: Function, source: str) -> int:
    """Return the last line, from 1, of a function's header and docstring."""
    if docstring_of(node.body) is not None:
        return node.body[0].end_lineno or 0
    return _find_end(node, lines_of(source))[0] + 1


def _find_end(node: Function | ast.ClassDef, lines: Sequence[bytes]) -> tuple[int, int]:
    line, column = max(_ends(node), default=(node.lineno, node.col_offset))
    return _find_colon(lines, line - 1, column)


def _ends(node: Function | ast.ClassDef) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a header end, as (line, column in bytes)."""
    parts: list[ast.AST | None]
    if isinstance(node, ast.ClassDef):
        parts = [*node.bases, *node.keywords]
    else:
        parts = [*parameters_of(node.args), *defaults_of(node.args), node.returns]
    for part in (*parts, *getattr(node, "type_params", ())):
        if part is not None:
            yield part.end_lineno or 0, part.end_col_offset or 0


def _find_colon(lines: Sequence[bytes], line: int, column: int) -> tuple[int, int]:
    """Return the first colon outside comments at or after a place that only brackets and commas follow."""
    while (place := lines[line][column:].partition(b"#")[0].find(b":")) < 0:
        line, column = line + 1, 0
    return line, column + place
