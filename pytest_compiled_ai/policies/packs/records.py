"""The minimum necessary: a result is made of the fields that are asked for, not of a whole record."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.scopes import Key
from pytest_compiled_ai.policies.packs.sinks import is_outlet
from pytest_compiled_ai.policies.rules.finding import Finding
from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.syntax import Function

NAME = "whole-records"
_MAPPINGS = frozenset({"dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "TypedDict"})
_PLAIN = frozenset({"Callable", "Date", "Decimal", "Fraction", "Iterable", "Iterator", "Path", "Sequence", "UUID"})
_WHOLE = frozenset({"asdict", "astuple", "copy", "deepcopy", "dict", "list", "replace", "tuple", "vars"})
_SPREADING = frozenset({"_asdict", "_replace", "copy", "items", "model_dump", "values"})
_INSTEAD = "name each field that the result needs"


def _check(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    records = frozenset(
        key
        for key, argument in reading.parameters()
        if not is_outlet(argument) and _is_record(argument, key, reading.functions)
    )
    for node in reading.nodes:
        for whole in _taken_whole(node, reading):
            if _stands_for(whole, records, reading):
                what = f"`{ast.unparse(whole)}` goes into the result as a whole"
                yield Finding(rule=NAME, what=what, instead=_INSTEAD, line=getattr(node, "lineno", whole.lineno))


def _is_record(argument: ast.arg, key: Key, functions: tuple[Function, ...]) -> bool:
    """Tell whether a parameter is a record by its type, and the result is declared to be none of that type."""
    if argument.annotation is None:
        return False
    written = ast.unparse(argument.annotation)
    name = written.partition("[")[0].rpartition(".")[2]
    returned = [ast.unparse(f.returns) for f in functions if f is key[0] and f.returns is not None]
    if name in _MAPPINGS:
        return True
    is_class = name.isidentifier() and name[0].isupper() and name not in BUILTIN_NAMES | _PLAIN
    return is_class and not any(name in text for text in returned)


def _taken_whole(node: ast.AST, reading: Reading) -> Iterator[ast.expr]:
    """Yield what a node returns, spreads or copies with all that is in it."""
    match node:
        case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value) | ast.YieldFrom(value=value):
            yield from _parts(value)
        case ast.Dict(keys=keys, values=values):
            yield from (value for key, value in zip(keys, values, strict=True) if key is None)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            yield from (left, right)
        case ast.AugAssign(op=ast.BitOr(), value=value):
            yield value
        case ast.Call(func=function, args=args, keywords=keywords):
            yield from (keyword.value for keyword in keywords if keyword.arg is None)
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if called in _WHOLE | {"update"}:
                yield from args
            if called in _SPREADING and isinstance(function, ast.Attribute) and not _is_sifted(node, reading):
                yield function.value
        case ast.Attribute(value=value, attr="__dict__"):
            yield value


def _parts(value: ast.expr) -> Iterator[ast.expr]:
    match value:
        case ast.IfExp(body=body, orelse=other):
            yield from (*_parts(body), *_parts(other))
        case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            yield from (part for each in values for part in _parts(each))
        case ast.Dict(values=values):
            yield from (part for each in values for part in _parts(each))
        case _:
            yield value


def _is_sifted(call: ast.AST, reading: Reading) -> bool:
    """Tell whether a comprehension or a loop goes over the items and chooses: `{k: v for k, v in r.items() if ...}`."""
    above = reading.parent(call)
    return isinstance(above, ast.For) or (isinstance(above, ast.comprehension) and bool(above.ifs))


def _stands_for(node: ast.expr, records: frozenset[Key], reading: Reading, seen: frozenset[Key] = frozenset()) -> bool:
    """Tell whether an expression is one of the records, under whatever name."""
    if isinstance(node, ast.Name) and (key := reading.key(node)) not in seen:
        given = reading.given.get(key, ())
        return key in records or any(_stands_for(value, records, reading, seen | {key}) for value in given)
    return isinstance(node, ast.NamedExpr) and _stands_for(node.value, records, reading, seen)


WHOLE_RECORDS = PackRule(
    name=NAME,
    explain="A record that is given is not returned, copied or spread as a whole: each field is named.",
    check=_check,
)
