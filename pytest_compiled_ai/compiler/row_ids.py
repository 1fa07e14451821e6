"""Which of the collected tests belongs to which row of a parametrized test."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from pytest_compiled_ai.compiler.rows import Rows
from pytest_compiled_ai.specs.syntax import dotted_name


def match_ids(rows: Rows, tests: Iterable[str]) -> tuple[str, ...] | None:
    """Return the node ids of a test in the order of its rows, empty where its parameters are not known yet.

    None is for ids that cannot be told apart: others than the rows make, or in another order.
    """
    ids = tuple(test for test in tests if test.partition("[")[0] == rows.test)
    if ids == (rows.test,):
        return ()
    if len(ids) != len(rows.values.elts):
        return None
    return ids if all(_fits(test, _words_of(rows, number)) for number, test in enumerate(ids)) else None


def _fits(test: str, words: Iterable[str]) -> bool:
    row = test.partition("[")[2]
    return all(word in row for word in words)


def _words_of(rows: Rows, number: int) -> list[str]:
    """Return what the id of a row is bound to hold by pytest's own naming, as far as that is plain."""
    row = rows.values.elts[number]
    if isinstance(rows.ids, ast.List | ast.Tuple):
        return _words([rows.ids.elts[number]])
    if isinstance(row, ast.Call) and (dotted_name(row.func) or "").rpartition(".")[2] == "param":
        named = [item.value for item in row.keywords if item.arg == "id"]
        return _words(named or (row.args if rows.ids is None else []))
    if rows.ids is not None:
        return []
    return _words(row.elts if rows.is_unpacked and isinstance(row, ast.Tuple | ast.List) else [row])


def _words(nodes: Iterable[ast.expr]) -> list[str]:
    values = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return [str(value) for value in values if isinstance(value, int) or _is_plain(value)]


def _is_plain(value: object) -> bool:
    # Others are escaped.
    return isinstance(value, str) and value.isascii() and value.isprintable() and "\\" not in value
