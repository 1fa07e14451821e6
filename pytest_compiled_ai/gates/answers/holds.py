"""Whether what a condition pins down holds in a row, and how much of an argument it looks at."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from pytest_compiled_ai.gates.answers.conditions import Pin
from pytest_compiled_ai.gates.answers.equality import same
from pytest_compiled_ai.gates.answers.flow import Flow
from pytest_compiled_ai.gates.answers.row import Row
from pytest_compiled_ai.gates.answers.values import UnknownValueError, fold

_WHOLE = frozenset(
    {
        "bytes", "casefold", "encode", "frozenset", "list", "lower", "lstrip", "repr", "rstrip", "set", "sorted", "str",
        "strip", "swapcase", "title", "tuple", "upper",
    }
)  # fmt: skip
_DIGESTS = frozenset(
    {
        "adler32", "blake2b", "blake2s", "crc32", "digest", "hash", "hexdigest", "id", "md5", "sha1", "sha224",
        "sha256", "sha384", "sha3_256", "sha512",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """How a pin holds in a row: for which parameters, and whether by the whole argument."""

    touched: frozenset[str]
    value: object
    kind: Literal["whole", "part", "digest"]


def hold_of(pin: Pin, row: Row, flow: Flow) -> Hold | None:
    """Return how a pin holds in a row, or None."""
    if pin.target is None:
        touched = frozenset(name for name, value in row.given.items() if same(value, pin.value))
        if not touched and same(row.values, pin.value):
            touched = frozenset(row.given)
        return Hold(touched=touched, value=pin.value, kind="whole") if touched else None
    touched = _parameters_in(pin.target, flow)
    if _calls(pin.target, flow) & _DIGESTS:
        return Hold(touched=touched or frozenset(row.given), value=pin.value, kind="digest")
    kind: Literal["whole", "part"] = "whole" if _is_whole(pin.target, flow) else "part"
    for names in row.seen:
        try:
            if same(fold(pin.target, names), pin.value):
                return Hold(touched=touched, value=pin.value, kind=kind)
        except UnknownValueError:
            if isinstance(pin.target, ast.Name | ast.Call) and any(same(row.given.get(n), pin.value) for n in touched):
                return Hold(touched=touched, value=pin.value, kind="whole")
    if not touched and isinstance(pin.target, ast.Name):
        return hold_of(Pin(target=None, value=pin.value), row, flow)
    return None


def _is_whole(node: ast.expr, flow: Flow, depth: int = 3) -> bool:
    """Tell whether an expression stands for all of an argument, as `text.strip().lower()` does."""
    match node:
        case ast.Name(id=name):
            return name not in flow.bound or (depth > 0 and _is_whole(flow.bound[name], flow, depth - 1))
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(_is_whole(part, flow, depth) for part in parts)
        case ast.Call(func=ast.Name(id=name), args=[inner]) if name in _WHOLE:
            return _is_whole(inner, flow, depth)
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=[]) if name in _WHOLE:
            return _is_whole(inner, flow, depth)
        case ast.Call(func=ast.Attribute(attr="join"), args=[inner]):
            return _is_whole(inner, flow, depth)
        case ast.Subscript(value=inner, slice=ast.Slice(lower=None, upper=None)) | ast.NamedExpr(value=inner):
            return _is_whole(inner, flow, depth)
    return False


def _parameters_in(node: ast.AST, flow: Flow, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the parameters that an expression is made from."""
    found: set[str] = set()
    for name in {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - seen:
        if name in flow.parameters:
            found.add(name)
        for target, value in flow.assigned:
            if target == name:
                found |= _parameters_in(value, flow, seen | {name})
    return frozenset(found)


def _calls(node: ast.AST, flow: Flow, depth: int = 3) -> set[str]:
    """Return the names of what an expression calls, in what its names stand for, too."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            found.add(part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", ""))
        elif isinstance(part, ast.Name) and part.id in flow.bound and depth:
            found |= _calls(flow.bound[part.id], flow, depth - 1)
    return found
