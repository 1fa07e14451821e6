"""Money: whole cents or decimals, never binary floating point."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.calls import read_calls
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.scopes import arguments
from pytest_compiled_ai.policies.packs.taint import Taint, spread
from pytest_compiled_ai.policies.packs.words import names_in, words_of
from pytest_compiled_ai.policies.rules.finding import Finding

NAME = "money-in-float"
_MONEY = names_in(
    "amount amounts balance cent cents charge cost costs discount fee fees money payment payments pennies price prices "
    "refund salary subtotal tax total"
)
_FLOATS = frozenset({"math.fsum", "math.pow", "math.sqrt", "statistics.fmean", "operator.truediv"})
_EXACT = frozenset({"decimal.Decimal", "fractions.Fraction"})
_INSTEAD = "compute with `Decimal`, or with whole cents"


def demand_exact_money(subject: Subject) -> str | None:
    """Refuse a spec that gives or wants money as a float."""
    for function in subject.stub.functions:
        for argument in arguments(function):
            if words_of(argument.arg) & _MONEY and argument.annotation and "float" in ast.unparse(argument.annotation):
                return f"takes money as a float ({argument.arg}); write Decimal, or int for cents"
        if words_of(function.name) & _MONEY and function.returns and "float" in ast.unparse(function.returns):
            return "returns money as a float; write Decimal, or int for cents"
    return None


def _check(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    whole = _whole_money(reading)
    for node in reading.nodes:
        if what := _float_at(node, reading, whole):
            yield Finding(rule=NAME, what=what, instead=_INSTEAD, line=getattr(node, "lineno", 0))


def _float_at(node: ast.AST, reading: Reading, whole: Taint) -> str:
    match node:
        case ast.Constant(value=float()):
            return f"`{ast.unparse(node)}` is a float"
        case ast.Name(ctx=ast.Load()) if reading.is_builtin(node, {"float"}):
            return "`float` is not exact"
        case ast.Attribute() | ast.Name() if read_calls(reading).origins(node) & _FLOATS:
            return f"`{ast.unparse(node)}` makes a float"
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            values = [v for v in ast.iter_child_nodes(node) if isinstance(v, ast.expr)]
            if any(map(whole.carries, values)) and not any(_is_exact(value, reading) for value in values):
                return "`/` of whole numbers makes a float"
    return ""


def _whole_money(reading: Reading) -> Taint:
    """Return what holds whole numbers of a parameter: what is made a decimal is none."""
    sources = {
        key for key, arg in reading.parameters() if arg.annotation is not None and "int" in ast.unparse(arg.annotation)
    }
    return spread(reading, sources, _is_exact)


def _is_exact(node: ast.AST, reading: Reading) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_exact(node.left, reading) or _is_exact(node.right, reading)
    if isinstance(node, ast.Name):
        values = reading.given.get(reading.key(node), ())
        return bool(values) and all(isinstance(v, ast.Call) and _is_exact(v, reading) for v in values)
    return isinstance(node, ast.Call) and bool(read_calls(reading).origins(node.func) & _EXACT)


MONEY_IN_FLOAT = PackRule(
    name=NAME,
    explain="No float stands in the body, nor in the spec's own money: no literal, no `float`, no `/` of integers.",
    check=_check,
)
