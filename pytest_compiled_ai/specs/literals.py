"""Module-level constants and type aliases that can be copied from a spec file into an artifact."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.scopes import bound_names
from pytest_compiled_ai.specs.syntax import dotted_name, segment_of

_MAKER_NAMES = """
frozenset types.MappingProxyType decimal.Decimal fractions.Fraction re.compile
datetime.date datetime.time datetime.datetime datetime.timedelta
typing.TypeVar typing.NewType typing.ParamSpec typing_extensions.TypeVar typing_extensions.ParamSpec
"""

_MAKERS = frozenset(_MAKER_NAMES.split())
"""What may be called: each makes a value that nobody can change, out of literals."""

_PLAIN = (
    ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.Subscript, ast.Slice,
    ast.JoinedStr, ast.FormattedValue, ast.Starred, ast.operator, ast.unaryop, ast.expr_context, ast.keyword,
)  # fmt: skip


class Constant(NamedTuple):
    """One module-level constant or type alias that a body may use; `source` is its statement as written."""

    name: str
    source: str


def constants_of(tree: ast.Module, source: str, imports: Mapping[str, str]) -> tuple[Constant, ...]:
    """Return the copyable constants in source order.

    `imports` maps each imported name that a body may use to what it means (`Decimal` -> `decimal.Decimal`). A constant
    is one name, bound once, to literals, containers and operators over them, names already available and what hangs on
    those, and calls of a few makers of constants (`Decimal`, `TypeVar`, `frozenset`, ...).
    """
    meanings = dict(imports)
    times = Counter(name for statement in tree.body for name in bound_names(statement))
    found: list[Constant] = []
    for statement in tree.body:
        name, value = _assigned(statement)
        if times[name] == 1 and value is not None and not name.startswith("__"):
            annotation = getattr(statement, "annotation", None)
            if all(_is_literal(part, meanings) for part in (value, annotation) if part is not None):
                meanings[name] = ""
                found.append(Constant(name=name, source=segment_of(source, statement)))
    return tuple(found)


def _assigned(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, value = [statement.target], statement.value
    elif type(statement).__name__ == "TypeAlias" and not getattr(statement, "type_params"):  # noqa: B009 -- newer Pythons
        targets, value = [getattr(statement, "name")], getattr(statement, "value")  # noqa: B009
    else:
        return "", None
    target = targets[0]
    return (target.id, value) if len(targets) == 1 and isinstance(target, ast.Name) else ("", None)


def _is_literal(value: ast.expr, meanings: Mapping[str, str]) -> bool:
    return all(_is_allowed(node, meanings) for node in _nodes(value))


def _nodes(value: ast.AST) -> Iterator[ast.AST]:
    """Yield an expression's nodes, a dotted name as one."""
    stack = [value]
    while stack:
        node = stack.pop()
        yield node
        if dotted_name(node) is None:
            stack.extend(ast.iter_child_nodes(node))


def _is_allowed(node: ast.AST, meanings: Mapping[str, str]) -> bool:
    name = dotted_name(node)
    if name is not None:
        head = name.partition(".")[0]
        return head in meanings or head in BUILTIN_NAMES
    if isinstance(node, ast.Call):
        return _meaning(dotted_name(node.func), meanings) in _MAKERS
    return isinstance(node, _PLAIN) or (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load))


def _meaning(name: str | None, meanings: Mapping[str, str]) -> str:
    head, dot, rest = (name or "").partition(".")
    return meanings.get(head, head) + dot + rest
