"""Which names stand for an object that outlives a call: what changes it makes one call depend on another."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

_CONTAINERS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"})


def is_mutable_text(statement: str) -> bool:
    """Tell whether an assignment, given as source, binds a container that can be changed; a definition does not."""
    tree = ast.parse(statement)
    return isinstance(tree.body[0], ast.Assign | ast.AnnAssign) and any(
        isinstance(node, _CONTAINERS)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKERS)
        for node in ast.walk(tree)
    )


def root_of(node: ast.AST) -> str | None:
    """Return the name that a chain of attributes and items begins with, None where it begins with a value."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            return None
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def find_shared(nodes: Iterable[ast.AST], given: Iterable[str]) -> frozenset[str]:
    """Return the given names with those that the body binds to the same objects, or to parts of them."""
    pairs = [pair for node in nodes for pair in _bindings(node)]
    found, size = set(given), -1
    while size != len(found):
        size = len(found)
        found |= {target for target, source in pairs if source in found}
    return frozenset(found)


def _bindings(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Assign):
        sources, targets = [node.value], node.targets
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        sources, targets = [node.value], [node.target]
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        sources, targets = [node.iter], [node.target]
    else:
        return
    for value in sources:
        for source in filter(None, map(root_of, _choices(value))):
            yield from ((name, source) for target in targets for name in _names_in(target))


def _choices(value: ast.expr) -> list[ast.expr]:
    if isinstance(value, ast.IfExp):
        return [*_choices(value.body), *_choices(value.orelse)]
    if isinstance(value, ast.BoolOp):
        return [choice for part in value.values for choice in _choices(part)]
    if isinstance(value, ast.Tuple | ast.List):
        return [choice for part in value.elts for choice in _choices(part)]
    return [value.value if isinstance(value, ast.NamedExpr) else value]


def _names_in(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
