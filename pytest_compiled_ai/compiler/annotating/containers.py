"""What goes into a collection that starts empty: told by what is put into it, and by where it goes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final

from pytest_compiled_ai.compiler.annotating.puts import Put, apply, below, joined, with_entry, with_item, with_items
from pytest_compiled_ai.compiler.annotating.shapes import shape_of
from pytest_compiled_ai.compiler.annotating.source import Source
from pytest_compiled_ai.compiler.annotating.types import ANY, Type, join

See = Callable[[ast.expr], Type]

_ADDING: Final = {"append": "list", "appendleft": "deque", "add": "set"}
_PUSHING: Final = frozenset({"heappush", "insort", "insort_left", "insort_right"})
_LOOKING_UP: Final = frozenset({"get", "setdefault", "pop"})
_MERGING: Final = frozenset({"extend", "extendleft", "update"})


def gather(source: Source, scope: ast.AST, name: str, start: Type, see: See) -> Type:
    """Return the type of a collection in a variable or a parameter, by its uses.

    Args:
        source: the function that it lives in.
        scope: what binds the name.
        name: the variable or the parameter.
        start: what is known of it.
        see: tells the type of an expression.
    """
    uses = [node for node in source.nodes if isinstance(node, ast.Name) and node.id == name]
    uses = [node for node in uses if source.owner(node) is scope]
    sure = start
    for use in uses:
        for put in _puts(source, use, see):
            sure = apply(put, sure)
    return sure if sure.is_told else _fill(source, uses, sure, see)


def _fill(source: Source, uses: list[ast.Name], found: Type, see: See) -> Type:
    """Ask what only looks like an item: what is looked for in the collection."""
    for use in uses:
        parent = source.parent(use)
        if isinstance(parent, ast.Compare) and use in parent.comparators and len(parent.ops) == 1:
            found = apply(with_item(see(parent.left), ""), found)
    return found


def _puts(source: Source, use: ast.Name, see: See) -> Iterator[Put]:
    """Yield what one use tells, each as a function of what is known before."""
    keys: list[ast.expr] = []
    node: ast.expr = use
    parent = source.parent(node)
    while isinstance(parent, ast.Subscript) and parent.value is node:
        keys.append(parent.slice)
        node, parent = parent, source.parent(parent)
    types = [ANY if isinstance(key, ast.Slice) else see(key) for key in keys]
    yield below(types, lambda known: known)
    for put in _direct(source, node, parent, see):
        yield below(types, put)
    if not keys:
        yield from _flows(use, parent, see)


def _direct(source: Source, node: ast.expr, parent: ast.AST, see: See) -> Iterator[Put]:
    """Yield what is put into, or in the place of, what an expression names."""
    match parent:
        case ast.Attribute(value=value, attr=method) if value is node:
            call = source.parent(parent)
            if isinstance(call, ast.Call) and call.func is parent and not _has_star(call):
                yield from _by_method(method, call.args, see)
        case ast.Assign(targets=[target], value=value) if target is node:
            yield joined(see(value) if (shape := shape_of(value)) == ANY else shape)
        case ast.AugAssign(target=target, value=value) if target is node:
            yield joined(see(value))
        case ast.Call(func=func, args=[first, item]) if first is node and _last_name(func) in _PUSHING:
            yield with_item(see(item), "list")
        case _:
            return


def _flows(use: ast.Name, parent: ast.AST, see: See) -> Iterator[Put]:
    """Yield what the places tell that a collection as a whole goes to, or is put together at."""
    match parent:
        case ast.Return():
            yield joined(see(use))
        case ast.Call(args=args) if use in args and _last_name(parent.func) not in _PUSHING:
            yield joined(see(use))
        case ast.BinOp(left=left, op=ast.Add() | ast.BitOr(), right=right) if left is use:
            yield joined(see(right))
        case _:
            return


def _by_method(method: str, args: list[ast.expr], see: See) -> Iterator[Put]:
    match args:
        case [item] if method in _ADDING:
            yield with_item(see(item), _ADDING[method])
        case [_, item] if method == "insert":
            yield with_item(see(item), "list")
        case [items] if method in _MERGING:
            yield with_items(see(items))
        case [key, *default] if method in _LOOKING_UP:
            values = [see(value) for value in default if not isinstance(value, ast.Constant) or value.value is not None]
            yield with_entry(see(key), join(values))
        case _:
            return


def _last_name(func: ast.expr) -> str:
    return ast.unparse(func).rpartition(".")[2]


def _has_star(call: ast.Call) -> bool:
    return any(isinstance(arg, ast.Starred) for arg in call.args)
