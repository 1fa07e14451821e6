"""Values as Python source, and back: what a person reads, and what a test can be made of."""

from __future__ import annotations

import ast
import builtins
import math
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PosixPath, PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.gates.answers.values import Made, UnknownValueError
from pytest_compiled_ai.sandbox.codec.kinds import FACTORIES
from pytest_compiled_ai.specs.syntax import parse_expression

_NAMED = {
    kind.__name__: module
    for module, kinds in {
        "collections": (Counter, OrderedDict, defaultdict, deque),
        "datetime": (date, datetime, time, timedelta, timezone),
        "decimal": (Decimal,),
        "fractions": (Fraction,),
        "pathlib": (Path, PurePosixPath, PureWindowsPath),
        "uuid": (UUID,),
        "zoneinfo": (ZoneInfo,),
    }.items()
    for kind in kinds
}
_MAKERS: Mapping[str, Callable[..., object]] = {
    kind.__name__: kind
    for kind in (
        *(
            Counter,
            Decimal,
            Fraction,
            OrderedDict,
            Path,
            PurePosixPath,
            PureWindowsPath,
            UUID,
            ZoneInfo,
            bytearray,
            complex,
        ),
        *(date, datetime, defaultdict, deque, float, frozenset, range, set, slice, time, timedelta, timezone),
    )
}
_MODULES = re.compile(r"\b(?:datetime|zoneinfo)\.(?=[A-Za-z]+\b)")
_LONG = 10_000
"""Bits of a number from which on it is written in base 16: the interpreter refuses to write it in base 10."""


def write_value(value: Any) -> str:
    """Return an expression for a value; sets are sorted, so that it is the same on every run."""
    match value:
        case bool() | None:
            return repr(value)
        case int():
            return hex(value) if value.bit_length() > _LONG else repr(value)
        case float() if not math.isfinite(value):
            return f"float({str(value)!r})"
        case complex():
            return f"complex({write_value(value.real)}, {write_value(value.imag)})"
        case PosixPath():
            return f"Path({str(value)!r})"
        case datetime() | date() | time() | timedelta() | timezone() | ZoneInfo():
            return _MODULES.sub("", repr(value))
    return _write_items(value)


def _write_items(value: Any) -> str:
    kind, name = type(value), type(value).__name__
    if kind is tuple:
        return f"({', '.join(map(write_value, value))}{',' if len(value) == 1 else ''})"
    if kind is list:
        return f"[{', '.join(map(write_value, value))}]"
    if kind in {set, frozenset}:
        items = f"{{{', '.join(sorted(map(write_value, value)))}}}" if value else ""
        return items if kind is set and value else f"{name}({items})"
    if kind is deque:
        return f"deque({write_value(list(value))}{'' if value.maxlen is None else f', {value.maxlen}'})"
    if isinstance(value, dict):
        pairs = f"{{{', '.join(f'{write_value(key)}: {write_value(item)}' for key, item in value.items())}}}"
        factory = f"{getattr(getattr(value, 'default_factory', None), '__name__', None)}, "
        return pairs if kind is dict else f"{name}({factory if kind is defaultdict else ''}{pairs})"
    return repr(value)


def read_value(text: str) -> Any:
    """Return the value of an expression that `write_value` could have written.

    Raises:
        UnknownValueError: it is made of other things, or has no value.
    """
    try:
        return _read(parse_expression(text))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise UnknownValueError from error


def _read(node: ast.expr | None) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_read(operand)
        case ast.List(elts=items):
            return list(map(_read, items))
        case ast.Tuple(elts=items):
            return tuple(map(_read, items))
        case ast.Set(elts=items):
            return set(map(_read, items))
        case ast.Dict(keys=keys, values=values):
            return {_read(key): _read(value) for key, value in zip(keys, values, strict=True)}
        case ast.Attribute(value=ast.Name(id="timezone"), attr="utc"):
            return UTC
        case ast.Name(id=name):
            return FACTORIES[name]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            return _MAKERS[name](*map(_read, args), **{each.arg or "": _read(each.value) for each in keywords})
    raise UnknownValueError


def realise(value: Any) -> Any:
    """Return a value in which the objects that were only described are made.

    Raises:
        UnknownValueError: they are of another type than those of the standard library that are data.
    """
    if isinstance(value, Made):
        return _make(value)
    if type(value) in {list, tuple, set, frozenset}:
        return type(value)(realise(item) for item in value)
    if type(value) is dict:
        return {realise(key): realise(item) for key, item in value.items()}
    return value


def names_in(text: str) -> tuple[Import, ...] | None:
    """Return the imports that an expression needs, None where it is none or needs a name that is not known."""
    tree = parse_expression(text)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()
    unknown = names - set(dir(builtins))
    if tree is None or not unknown <= set(_NAMED):
        return None
    return tuple(Import(module=_NAMED[name], name=name, bound=name) for name in sorted(unknown))


def _make(made: Made) -> Any:
    try:
        return _MAKERS[made.name](*map(realise, made.given))
    except (KeyError, ArithmeticError, TypeError, ValueError) as error:
        raise UnknownValueError from error
