"""Which of its own functions a body calls, and with what: found together, since functions are handed on as values."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pytest_compiled_ai.policies.packs.flows import RESULT, Flow, find_bindings, find_caught
from pytest_compiled_ai.policies.packs.reading import Reading, group
from pytest_compiled_ai.policies.packs.scopes import Key, arguments
from pytest_compiled_ai.policies.packs.words import is_log
from pytest_compiled_ai.specs.builtin_names import BUILTIN_NAMES
from pytest_compiled_ai.specs.syntax import Function

Callee = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_LONGEST = 6
"""Dots in the name of something that is imported."""
_DEEPEST = 3
"""Parts of a name below what a call returns: `x = x.left` and `x = x.right` in a loop make ever more of them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calls:
    """What the names of a body may stand for, by assignment, by loop or as a parameter.

    `held` are the expressions of each, `named` what `origins` says of them.
    """

    reading: Reading
    held: Mapping[Key, tuple[ast.AST, ...]]
    named: Mapping[Key, frozenset[str]]
    _callees: dict[ast.AST, frozenset[Callee]] = field(default_factory=dict)

    def callees(self, node: ast.AST) -> frozenset[Callee]:
        """Return the body's own functions that an expression mentions, by name or as a `lambda`."""
        if node not in self._callees:
            self._callees[node] = self._find_callees(node)
        return self._callees[node]

    def _find_callees(self, node: ast.AST) -> frozenset[Callee]:
        found: set[Callee] = set()
        seen: set[Key] = set()
        left = [node]
        while left:
            for inner in ast.walk(left.pop()):
                if isinstance(inner, ast.Lambda):
                    found.add(inner)
                elif isinstance(inner, ast.Name) and (key := self.reading.key(inner)) not in seen:
                    seen.add(key)
                    found.update(each for each in self.reading.local.get(key, ()) if isinstance(each, Function))
                    left += self.held.get(key, ())
        return frozenset(found)

    def is_known(self, function: ast.expr) -> bool:
        """Tell whether what is called can be nothing but functions of the body."""
        if isinstance(function, ast.Name):
            key = self.reading.key(function)
            values = self.held.get(key, ())
            return bool(values or key in self.reading.local) and all(isinstance(v, ast.Lambda) for v in values)
        return isinstance(function, ast.Lambda)

    def origins(self, node: ast.AST) -> frozenset[str]:
        """Return what an expression may stand for, as dotted names: `logging.getLogger().info`, `print`, `@log.info`.

        A name of a parameter begins with `@`; what cannot be told has no name.
        """
        match node:
            case ast.Name():
                key = self.reading.key(node)
                return self.named.get(key, frozenset()) | self.reading.names_of(node, is_bound=key in self.held)
            case ast.Attribute(value=value, attr=attr):
                return _below(self.origins(value), attr)
            case ast.Call():
                return self._origins_of_call(node)
            case ast.NamedExpr(value=value) | ast.Subscript(value=value) | ast.Await(value=value):
                return self.origins(value)
            case ast.IfExp() | ast.BoolOp() | ast.List() | ast.Tuple() | ast.Set() | ast.Dict() | ast.Starred():
                return frozenset[str]().union(*map(self.origins, ast.iter_child_nodes(node)))
        return frozenset()

    def _origins_of_call(self, call: ast.Call) -> frozenset[str]:
        match call:
            case ast.Call(func=function, args=[value, ast.Constant(value=str(attr)), *_]) if self.reading.is_builtin(
                function, {"getattr"}
            ):
                return _below(self.origins(value), attr)
        names = self.origins(call.func)
        if "functools.partial" in names and call.args:
            return self.origins(call.args[0])
        results = (self.named.get((function, RESULT), frozenset()) for function in self.callees(call.func))
        return frozenset(f"{name}()" for name in names if _may_grow(name)).union(*results)


def _matters(name: str) -> bool:
    """Tell whether a name is worth keeping: paths into the data of a parameter would be too many."""
    return not name.startswith("@") or any(map(is_log, name[1:].split(".")))


def _may_grow(name: str) -> bool:
    path, called, below = name.partition("()")
    if called:
        return below.count(".") + below.count("()") < _DEEPEST
    return path.count(".") < (1 if path.partition(".")[0] in BUILTIN_NAMES else _LONGEST)


def _below(names: Iterable[str], attribute: str) -> frozenset[str]:
    return frozenset(f"{name}.{attribute}" for name in names if _may_grow(name))


@functools.lru_cache(maxsize=4)
def read_calls(reading: Reading) -> Calls:
    """Return what the names of a body may stand for; each round may find functions that the one before handed on."""
    flows, size = dict.fromkeys(find_bindings(reading)), -1
    calls = Calls(reading=reading, held=group(flows), named={})
    while size != len(flows):
        size = len(flows)
        for node in reading.nodes:
            if isinstance(node, ast.Call):
                flows |= dict.fromkeys(_arguments(node, calls))
        calls = Calls(reading=reading, held=group(flows), named={})
    return _name_all(calls)


def _name_all(calls: Calls) -> Calls:
    """Return the same with the names of all that is held, taken on from each name to those that are bound to it."""
    while (named := {key: _names_of(values, calls) for key, values in calls.held.items()}) != calls.named:
        calls = replace(calls, named=named)
    return calls


def _names_of(values: Iterable[ast.AST], calls: Calls) -> frozenset[str]:
    return frozenset(filter(_matters, frozenset[str]().union(*map(calls.origins, values))))


@functools.lru_cache(maxsize=4)
def find_flows(reading: Reading) -> tuple[Flow, ...]:
    """Return each name with an expression whose value, or a part of it, it may come to hold."""
    held = read_calls(reading).held
    return (*((key, value) for key, values in held.items() for value in values), *find_caught(reading))


def _arguments(call: ast.Call, calls: Calls) -> Iterator[Flow]:
    """Yield what the body's own functions are called with; one that is handed on may be called with anything there."""
    known = calls.callees(call.func)
    is_plain = isinstance(call.func, ast.Name | ast.Lambda)
    is_plain = is_plain and not any(isinstance(arg, ast.Starred) for arg in call.args)
    is_plain = is_plain and all(keyword.arg for keyword in call.keywords)
    for function in known:
        names = [argument.arg for argument in arguments(function)]
        if is_plain:
            pairs = [*zip(names, call.args, strict=False), *((k.arg or "", k.value) for k in call.keywords)]
            last = function.args.vararg or function.args.kwarg
            pairs += [(last.arg, value) for value in _values(call) if last]
        else:
            pairs = [(name, value) for name in names for value in _values(call)]
        yield from (((function, name), value) for name, value in pairs)
    for value in _values(call):
        for function in calls.callees(value) - known:
            others = [each for each in (*_receiver(call), *_values(call)) if each is not value]
            yield from (((function, arg.arg), each) for arg in arguments(function) for each in others)


def _receiver(call: ast.Call) -> list[ast.expr]:
    return [call.func.value] if isinstance(call.func, ast.Attribute) else []


def _values(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]
