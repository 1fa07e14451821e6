"""Tables that a body looks its result up in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from pytest_compiled_ai.gates.answers.branches import Case
from pytest_compiled_ai.gates.answers.conditions import Pin, Pins, pin
from pytest_compiled_ai.gates.answers.flow import Flow
from pytest_compiled_ai.gates.answers.values import UnknownValueError, fold

_MOST = 500
_Rows = list[tuple[Pins, Any]]


def read_tables(flow: Flow) -> Iterator[Case]:
    """Yield a case for each entry of each table that gives a result as it is."""
    for node in flow.nodes:
        if isinstance(node, ast.Call | ast.Subscript) and flow.reaches_result(node):
            yield from _cases(_rows_of(node, flow), node.lineno)
        if isinstance(node, ast.For | ast.comprehension):
            yield from _cases(list(_searched(node, flow)), node.iter.lineno)


def _cases(rows: _Rows, line: int) -> Iterator[Case]:
    for pins, value in rows:
        yield Case(pins=pins, outcome=value, line=line, entries=len(rows), group=line)


def _rows_of(node: ast.expr, flow: Flow) -> _Rows:
    """Return the entries that a lookup chooses from: what its key would have to be, and what comes of it."""
    match node:
        case (
            ast.Subscript(value=table, slice=key)
            | ast.Call(
                func=ast.Attribute(value=table, attr=("get" | "pop" | "setdefault" | "__getitem__")), args=[key, *_]
            )
        ) if not isinstance(key, ast.Slice):
            rows = _rows_of(table, flow) or [((), entries) for entries in _entries(table, flow)]
            return [
                (pins + pin(key, inner), value)
                for pins, found in rows
                if isinstance(found, dict)
                for inner, value in found.items()
            ][:_MOST] or _parallel(table, key, flow)
    return []


def _entries(table: ast.expr, flow: Flow) -> Iterator[dict[Any, Any]]:
    """Yield a table's entries; of one that is written out, those that are literals."""
    if isinstance(table, ast.Name):
        table = flow.bound.get(table.id, table)
    try:
        found = fold(table, flow.names)
    except UnknownValueError:
        found = dict(_literal_entries(table, flow)) if isinstance(table, ast.Dict) else None
    if isinstance(found, dict):
        yield found


def _literal_entries(table: ast.Dict, flow: Flow) -> Iterator[tuple[Any, Any]]:
    for key, value in zip(table.keys, table.values, strict=True):
        try:
            yield fold(key, flow.names), fold(value, flow.names)
        except UnknownValueError:
            continue


def _parallel(table: ast.expr, key: ast.expr, flow: Flow) -> _Rows:
    """Return the pairs of `values[keys.index(key)]`."""
    match key:
        case ast.Call(func=ast.Attribute(value=keys, attr="index"), args=[wanted]):
            try:
                pairs = zip(fold(keys, flow.names), fold(table, flow.names), strict=False)
                return [(pin(wanted, given), value) for given, value in pairs]
            except (UnknownValueError, TypeError):
                return []
    return []


def _searched(node: ast.For | ast.comprehension, flow: Flow) -> Iterator[tuple[Pins, Any]]:
    """Yield the rows of a table that a loop goes through until one fits; the last name of a row is the result."""
    if not isinstance(node.target, ast.Tuple) or not isinstance(node.target.elts[-1], ast.Name):
        return
    try:
        rows = fold(node.iter, flow.names)
    except UnknownValueError:
        return
    if isinstance(rows, list | tuple) and flow.is_returned(node.target.elts[-1].id):
        for row in rows[:_MOST]:
            if isinstance(row, tuple | list) and len(row) > 1:
                yield tuple(Pin(target=None, value=key) for key in row[:-1]), row[-1]
