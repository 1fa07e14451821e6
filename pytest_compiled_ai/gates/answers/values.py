"""The values that expressions of literals have, worked out without running anything of a candidate or a test."""

from __future__ import annotations

import ast
import functools
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from pytest_compiled_ai.specs.syntax import dotted_name

Names = Mapping[str, object]
_MOST = 100_000
"""Characters, digits or elements: no literal of an honest body grows beyond."""
_MAKERS = frozenset({"date", "datetime", "time", "timedelta"})
_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "abs": abs, "bool": bool, "bytes": bytes, "chr": chr, "float": float, "frozenset": frozenset, "int": int,
    "len": len, "list": list, "max": max, "min": min, "ord": ord, "repr": repr, "round": round, "set": set,
    "sorted": sorted, "str": str, "sum": sum, "tuple": tuple,
    "zip": lambda *rows: list(zip(*rows, strict=False)), "reversed": lambda row: list(reversed(row)),
}  # fmt: skip
_METHODS = frozenset(
    {
        "capitalize", "casefold", "copy", "count", "decode", "encode", "endswith", "find", "get", "hex", "index",
        "isalpha", "isdigit", "items", "join", "keys", "lower", "lstrip", "removeprefix", "removesuffix", "replace",
        "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "values",
    }
)  # fmt: skip
_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: lambda x, y: x + y,
    ast.Sub: lambda x, y: x - y,
    ast.Mult: lambda x, y: x * y,
    ast.Div: lambda x, y: x / y,
    ast.FloorDiv: lambda x, y: x // y,
    ast.Mod: lambda x, y: x % y,
    ast.Pow: lambda x, y: x**y,
}


class UnknownValueError(Exception):
    """The expression is no expression of literals and known names."""


class Opaque:
    """Something that a name may stand for, and that no value is worked out from."""

    __slots__ = ()


class Made(NamedTuple):
    """An object of a type that is not looked into: what makes it, and of what, as in `date(2024, 1, 31)`."""

    name: str
    given: tuple[object, ...]

    def __repr__(self) -> str:
        """Return it as Python would show it."""
        return f"{self.name}({', '.join(map(repr, self.given))})"


def fold(node: ast.AST | None, names: Names) -> Any:
    """Return the value of an expression, each of its names standing for the value that `names` has for it.

    Raises:
        UnknownValueError: it is not made of literals and of those names alone, or too big.
    """
    try:
        value = _fold(node, names)
        if _size(value) > _MOST:
            raise UnknownValueError
    except UnknownValueError:
        raise
    except Exception as error:  # a literal can be wrong in every way that Python knows
        raise UnknownValueError from error
    return value


@functools.singledispatch
def _fold(_: object, __: Names) -> Any:
    raise UnknownValueError


@_fold.register
def _(node: ast.Constant, _: Names) -> Any:
    return node.value


@_fold.register
def _(node: ast.Name, names: Names) -> Any:
    if isinstance(value := names[node.id], Opaque):
        raise UnknownValueError
    return value


@_fold.register
def _(node: ast.List, names: Names) -> Any:
    return [_fold(item, names) for item in node.elts]


@_fold.register
def _(node: ast.Tuple, names: Names) -> Any:
    return tuple(_fold(item, names) for item in node.elts)


@_fold.register
def _(node: ast.Set, names: Names) -> Any:
    return {_fold(item, names) for item in node.elts}


@_fold.register
def _(node: ast.Dict, names: Names) -> Any:
    return {_fold(key, names): _fold(value, names) for key, value in zip(node.keys, node.values, strict=True)}


@_fold.register
def _(node: ast.NamedExpr, names: Names) -> Any:
    return _fold(node.value, names)


@_fold.register
def _(node: ast.JoinedStr, names: Names) -> Any:
    return "".join(str(_fold(part, names)) for part in node.values)


@_fold.register
def _(node: ast.FormattedValue, names: Names) -> Any:
    if node.format_spec or node.conversion != -1:
        raise UnknownValueError
    return _fold(node.value, names)


@_fold.register
def _(node: ast.UnaryOp, names: Names) -> Any:
    value = _fold(node.operand, names)
    if isinstance(node.op, ast.Invert):
        raise UnknownValueError
    if isinstance(node.op, ast.Not):
        return not value
    return -value if isinstance(node.op, ast.USub) else value


@_fold.register
def _(node: ast.BinOp, names: Names) -> Any:
    left, right = _fold(node.left, names), _fold(node.right, names)
    # `%` on text formats it, to any width.
    if isinstance(node.op, ast.Mod | ast.Div) and not isinstance(left, int | float):
        raise UnknownValueError
    if isinstance(node.op, ast.Mult | ast.Pow) and not _is_bounded(left, right, node.op):
        raise UnknownValueError
    return _OPERATORS[type(node.op)](left, right)


@_fold.register
def _(node: ast.Subscript, names: Names) -> Any:
    value = _fold(node.value, names)
    if isinstance(node.slice, ast.Slice):
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        return value[slice(*(None if part is None else _fold(part, names) for part in parts))]
    return value[_fold(node.slice, names)]


@_fold.register
def _(node: ast.Call, names: Names) -> Any:
    function = node.func
    given = [_fold(item, names) for item in node.args]
    if isinstance(function, ast.Attribute) and function.attr in _METHODS:
        return _call_method(_fold(function.value, names), function.attr, given)
    name = (dotted_name(function) or "").rpartition(".")[2]
    if name == "dict" and name not in names:
        return dict(*given, **{item.arg or "": _fold(item.value, names) for item in node.keywords})
    if node.keywords or name in names:
        raise UnknownValueError
    if name == "Decimal" and given:
        number = Decimal(given[0])
        return number if number.is_finite() else Made(name, tuple(given))
    if name in _FUNCTIONS and isinstance(function, ast.Name):
        if name == "bytes" and given and isinstance(given[0], int):
            raise UnknownValueError
        return _FUNCTIONS[name](*given)
    if name[:1].isupper() or name in _MAKERS:
        return Made(name, tuple(given))
    raise UnknownValueError


def _call_method(value: Any, name: str, given: list[Any]) -> Any:
    if not isinstance(value, str | bytes | list | tuple | dict) or math.prod(map(_size, (value, *given))) > _MOST:
        raise UnknownValueError
    found = getattr(value, name)(*given)
    return list(found) if isinstance(value, dict) and name in {"items", "keys", "values"} else found


def _size(value: object) -> int:
    if isinstance(value, int):
        return 1 + value.bit_length() // 4
    return 1 + (len(value) if isinstance(value, str | bytes) else len(repr(value)))


def _is_bounded(left: Any, right: Any, operator: ast.operator) -> bool:
    if isinstance(left, int | float) and isinstance(right, int | float):
        return isinstance(operator, ast.Mult) or (abs(left) < 1e6 and 0 <= right <= 64)
    times = next((abs(value) for value in (left, right) if isinstance(value, int)), _MOST)
    return times * max(_size(left), _size(right)) <= _MOST
