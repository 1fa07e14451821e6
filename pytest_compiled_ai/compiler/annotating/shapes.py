"""Collections that start empty, known by the form of the expression that makes them."""

from __future__ import annotations

import ast
from typing import Final

from pytest_compiled_ai.compiler.annotating.types import ANY, Type

PARTS: Final = {
    "list": 1, "set": 1, "frozenset": 1, "dict": 2, "deque": 1, "Counter": 1, "OrderedDict": 2, "defaultdict": 2
}  # fmt: skip
"""How many types stand in the brackets."""
MAPPINGS: Final = frozenset({"dict", "OrderedDict", "defaultdict"})
_FACTORIES: Final = frozenset({"int", "str", "float", "bool"})


def shape_of(value: ast.expr) -> Type:
    """Return the type of an expression that makes a collection, with unknown items; `ANY` of any other."""
    match value:
        case ast.List(elts=[]) | ast.Dict(keys=[]):
            return blank("list" if isinstance(value, ast.List) else "dict")
        case ast.List(elts=[item, *_]) | ast.ListComp(elt=item):
            return _around("list", shape_of(item))
        case ast.DictComp(value=item):
            return _around("dict", shape_of(item))
        case ast.BinOp(left=ast.List() as made, op=ast.Mult()):
            return shape_of(made)
        case ast.Call(func=func, args=args, keywords=[]):
            return _made_by(ast.unparse(func).rpartition(".")[2], args)
        case _:
            return ANY


def blank(name: str) -> Type:
    """Return a collection of unknown items."""
    return Type(name, (ANY,) * PARTS[name])


def _around(name: str, item: Type) -> Type:
    return ANY if item == ANY else blank(name)._replace(args=(*[ANY] * (PARTS[name] - 1), item))


def _made_by(name: str, args: list[ast.expr]) -> Type:
    if name not in PARTS or (args and name != "defaultdict"):
        return ANY
    if not args:
        return blank(name)
    factory = ast.unparse(args[0]).rpartition(".")[2]
    made = Type(factory) if factory in _FACTORIES else blank(factory) if factory in PARTS else ANY
    return Type(name, (ANY, made))
