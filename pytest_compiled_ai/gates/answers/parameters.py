"""The rows of `parametrize` marks."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any

from pytest_compiled_ai.gates.answers.example import Unread
from pytest_compiled_ai.gates.answers.values import Names, UnknownValueError, fold
from pytest_compiled_ai.specs.syntax import Function, dotted_name

_MOST = 2000


def rows_of(test: Function, constants: Names) -> Iterator[dict[str, object]]:
    """Yield what the names of a test stand for, once for each row of its `parametrize` marks."""
    tables = [list(_parameters(mark, constants)) for mark in test.decorator_list if isinstance(mark, ast.Call)]
    for rows in islice(product(*(table for table in tables if table)), _MOST):
        names = dict(constants)
        for row in rows:
            names.update(row)
        yield names


def _parameters(mark: ast.Call, constants: Names) -> Iterator[dict[str, object]]:
    if not (dotted_name(mark.func) or "").endswith("parametrize") or len(mark.args) < 2:
        return
    with contextlib.suppress(UnknownValueError):
        named = fold(mark.args[0], constants)
        names = [name.strip() for name in named.split(",")] if isinstance(named, str) else list(named)
        rows = mark.args[1]
        for row in rows.elts if isinstance(rows, ast.List | ast.Tuple) else each(rows, constants):
            yield from _row(names, row, constants, is_single=isinstance(named, str) and "," not in named)


def _row(names: list[str], row: object, constants: Names, *, is_single: bool) -> Iterator[dict[str, object]]:
    """Yield one row of a table, its cells read one by one: one that is no literal leaves the others."""
    if isinstance(row, ast.Call) and (dotted_name(row.func) or "").endswith("param"):
        cells: Iterable[Any] = row.args
    elif is_single:
        cells = [row]
    elif isinstance(row, ast.Tuple | ast.List):
        cells = row.elts
    else:
        cells = row if isinstance(row, tuple | list) else ()
    values = [read(cell, constants) if isinstance(cell, ast.AST) else cell for cell in cells]
    if len(values) == len(names):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not Unread.UNREAD}


def each(node: ast.expr, names: Names) -> list[object]:
    """Return the items of a literal.

    Raises:
        UnknownValueError: it is none.
    """
    found = fold(node, names)
    return list(found) if isinstance(found, list | tuple | str | dict | set | frozenset) else []


def read(node: ast.AST, names: Names) -> object:
    """Return the value of an expression, or `Unread.UNREAD`."""
    try:
        return fold(node, names)
    except UnknownValueError:
        return Unread.UNREAD
