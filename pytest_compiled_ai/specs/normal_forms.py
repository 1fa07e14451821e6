"""One shape for what Pythons, formatters and import sorters write in several."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any


def normal_form(node: ast.AST) -> ast.AST:
    """Return a node of the same meaning whose own fields no longer depend on who parsed or formatted it."""
    rule = _RULES.get(type(node))
    return rule(node) if rule else node


def _joined(node: ast.JoinedStr) -> ast.expr:
    values = _merged(node.values)
    if all(isinstance(value, ast.Constant) for value in values):
        return values[0] if values else ast.Constant("")
    return ast.JoinedStr(values)


def _formatted(node: ast.FormattedValue) -> ast.expr:
    spec = node.format_spec
    if isinstance(spec, ast.JoinedStr) and not _merged(spec.values):
        return ast.FormattedValue(node.value, node.conversion, None)
    return node


def _merged(values: list[ast.expr]) -> list[ast.expr]:
    merged: list[ast.expr] = []
    for value in values:
        last = merged[-1] if merged else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            merged[-1] = ast.Constant(str(last.value) + str(value.value))
        elif not (isinstance(value, ast.Constant) and value.value == ""):
            merged.append(value)
    return merged


def _delete(node: ast.Delete) -> ast.stmt:
    return ast.Delete(_flat(node.targets))


def _flat(targets: list[ast.expr]) -> list[ast.expr]:
    flat: list[ast.expr] = []
    for target in targets:
        flat += _flat(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target]
    return flat


def _import(node: ast.Import) -> ast.stmt:
    return ast.Import(_sorted_names(node.names))


def _import_from(node: ast.ImportFrom) -> ast.stmt:
    return ast.ImportFrom(node.module, _sorted_names(node.names), node.level)


def _sorted_names(names: list[ast.alias]) -> list[ast.alias]:
    return sorted(names, key=lambda item: (item.name, item.asname or ""))


_RULES: dict[type[ast.AST], Callable[[Any], ast.AST]] = {
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.Delete: _delete,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
}
