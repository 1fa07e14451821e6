"""Which expressions of a body hold some values, or what is made of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pytest_compiled_ai.policies.packs.calls import find_flows, read_calls
from pytest_compiled_ai.policies.packs.flows import RESULT
from pytest_compiled_ai.policies.packs.reading import Reading
from pytest_compiled_ai.policies.packs.scopes import Key, arguments
from pytest_compiled_ai.specs.syntax import Function

_TELLS_LITTLE = frozenset({"all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass", "len", "type"})
"""Builtins whose answer is no part of the value: a length, a kind, yes or no."""
_YES_OR_NO = """
endswith is_finite is_integer is_nan is_signed is_zero isalnum isalpha isascii isdecimal isdigit isdisjoint isidentifier
islower isnumeric isprintable isspace issubset issuperset istitle isupper startswith
"""
_ASKS = frozenset(_YES_OR_NO.split())
Exempt = Callable[[ast.AST, Reading], bool]


def nothing_else(_: ast.AST, __: Reading) -> bool:
    """Exempt no expression beside those that tell little."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taint:
    """The names of a body that hold what is looked for; what the body decides by it, and its length, are not it."""

    reading: Reading
    marked: frozenset[Key]
    exempt: Exempt = nothing_else

    def carries(self, node: ast.AST) -> bool:
        """Tell whether an expression may hold it."""
        if self.exempt(node, self.reading):
            return False
        match node:
            case ast.Name():
                return self.reading.key(node) in self.marked
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return False
            case ast.IfExp(body=body, orelse=other):
                return self.carries(body) or self.carries(other)
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                return self.carries(element)
            case ast.DictComp(key=key, value=value):
                return self.carries(key) or self.carries(value)
            case ast.Call():
                return self._call_carries(node)
        return any(map(self.carries, ast.iter_child_nodes(node)))

    def _call_carries(self, call: ast.Call) -> bool:
        if self.reading.is_builtin(call.func, _TELLS_LITTLE):
            return False
        if isinstance(call.func, ast.Attribute) and call.func.attr in _ASKS:
            return False
        if self._results_carry(call.func):
            return True
        if read_calls(self.reading).is_known(call.func):
            return False
        values = [call.func, *call.args, *(keyword.value for keyword in call.keywords)]
        return any(self.carries(value) or self._results_carry(value) for value in values)

    def _results_carry(self, value: ast.expr) -> bool:
        return any((function, RESULT) in self.marked for function in read_calls(self.reading).callees(value))


def spread(reading: Reading, sources: Iterable[Key], exempt: Exempt = nothing_else) -> Taint:
    """Return what holds the values of some names, after all assignments and calls of the body."""
    flows = find_flows(reading)
    taint = Taint(reading=reading, marked=frozenset(sources), exempt=exempt)
    while new := {key for key, value in flows if key not in taint.marked and taint.carries(value)}:
        taint = Taint(reading=reading, marked=taint.marked | new, exempt=exempt)
    return taint


def inner_parameters(reading: Reading) -> frozenset[Key]:
    """Return the parameters of methods of the body's own classes: who calls them is not followed."""
    methods = [node for node in reading.nodes if isinstance(node, Function) and _is_method(node, reading)]
    return frozenset((method, argument.arg) for method in methods for argument in arguments(method))


def _is_method(node: ast.AST, reading: Reading) -> bool:
    return isinstance(reading.parent(node), ast.ClassDef)
