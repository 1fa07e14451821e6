"""What a condition pins down: which expression has to be which literal for it to hold."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from pytest_compiled_ai.gates.answers.values import Names, UnknownValueError, fold

_MOST = 400
_PREFIXES = frozenset({"startswith", "endswith"})
_MATCHES = frozenset({"fullmatch", "match", "search"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """An expression that has to have one value; without `target` it is any of the arguments."""

    target: ast.expr | None
    value: object


Pins = tuple[Pin, ...]
"""What has to hold at once."""


def pins_when(test: ast.expr, names: Names, *, holds: bool) -> list[Pins]:
    """Return the ways in which a condition holds, or fails; what pins nothing down is left out of a way."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return pins_when(operand, names, holds=not holds)
        case ast.BoolOp(op=operator, values=values):
            ways = [pins_when(value, names, holds=holds) for value in values]
            if isinstance(operator, ast.And) == holds:
                return [sum(parts, ()) for parts in islice(product(*ways), _MOST)]
            return [way for part in ways for way in part]
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _compared(left, operator, right, names, holds=holds) or [()]
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=[given, *others]) if holds:
            return _called(value, attr, given, others, names) or [()]
    return [()]


def pins_of_case(subject: ast.expr, pattern: ast.pattern, names: Names) -> list[Pins]:
    """Return the ways in which a `case` takes its subject by literals."""
    if isinstance(pattern, ast.MatchAs) and pattern.pattern:
        return pins_of_case(subject, pattern.pattern, names)
    if isinstance(pattern, ast.MatchOr):
        return [way for part in pattern.patterns for way in pins_of_case(subject, part, names)]
    parts = subject.elts if isinstance(subject, ast.Tuple) else []
    if parts and isinstance(pattern, ast.MatchSequence) and len(parts) == len(pattern.patterns):
        ways = [pins_of_case(part, inner, names) for part, inner in zip(parts, pattern.patterns, strict=True)]
        return [sum(way, ()) for way in islice(product(*ways), _MOST)]
    try:
        return [tuple(_split(subject, _value_of(pattern, names)))]
    except UnknownValueError:
        return [()]


def pin(target: ast.expr, value: object) -> Pins:
    """Return one way in which `target` has a value; a tuple is pinned part by part."""
    return tuple(_split(target, value))


def _value_of(pattern: ast.pattern, names: Names) -> Any:
    match pattern:
        case ast.MatchValue(value=value):
            return fold(value, names)
        case ast.MatchSingleton(value=value):
            return value
        case ast.MatchSequence(patterns=patterns):
            return [_value_of(inner, names) for inner in patterns]
    raise UnknownValueError


def _compared(left: ast.expr, operator: ast.cmpop, right: ast.expr, names: Names, *, holds: bool) -> list[Pins]:
    if isinstance(operator, ast.Eq if holds else ast.NotEq):
        for target, other in ((left, right), (right, left)):
            for value in _values([other], names):
                return [pin(target, value)]
    if isinstance(operator, ast.In if holds else ast.NotIn):
        return [pin(left, value) for value in _members(right, names)] or [
            (Pin(target=right, value=value),) for value in _values([left], names)
        ]
    return []


def _called(value: ast.expr, attr: str, given: ast.expr, others: list[ast.expr], names: Names) -> list[Pins]:
    """Return what `text.startswith(...)`, `re.fullmatch(pattern, text)` and the like compare as a whole."""
    if attr in _PREFIXES:
        return [(Pin(target=value, value=found),) for found in _members(given, names) or _values([given], names)]
    if attr in _MATCHES and others:
        patterns = [text for text in _values([given], names) if isinstance(text, str)]
        parts = [part for text in patterns for part in text.removeprefix("^").removesuffix("$").strip("()").split("|")]
        return [(Pin(target=others[0], value=part.replace("\\", "")),) for part in parts]
    return []


def _members(node: ast.expr, names: Names) -> list[object]:
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return list(_values(node.elts, names))
    found = next(_values([node], names), None)
    return list(found) if isinstance(found, list | tuple | set | frozenset | dict) else []


def _values(nodes: Iterable[ast.expr], names: Names) -> Iterator[Any]:
    for node in nodes:
        try:
            yield fold(node, names)
        except UnknownValueError:
            continue


def _split(target: ast.expr, value: object) -> Iterator[Pin]:
    if isinstance(target, ast.Tuple) and isinstance(value, tuple | list) and len(value) == len(target.elts):
        for part, item in zip(target.elts, value, strict=True):
            yield from _split(part, item)
    else:
        yield Pin(target=target, value=value)
