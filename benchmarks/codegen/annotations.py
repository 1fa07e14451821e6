"""The fixed rule that gives a problem's signature its types: what all literal values in its base tests have in common.

An annotation that is there stays. `int` and `float` together are `float`; a value and None are `T | None`; the items
of lists, sets and dicts are joined; tuples of one length up to three are typed item by item, others by their common
item. A result that is compared by its distance, or by `isclose`, is a `float`. Values that have nothing in common are
`Any`, and so is what no literal shows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any

UNKNOWN = "Any"
_FIELDS = 3
"""Items of a tuple that is a record rather than a sequence, at most."""


@dataclass(slots=True)
class Seen:
    """The values that tests hand over, by position, and those that they expect."""

    arguments: list[list[Any]] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)


def see_values(tests: ast.AST, name: str) -> Seen:
    """Return the literal arguments and results of all calls of a function in its tests."""
    seen = Seen()
    for node in ast.walk(tests):
        if isinstance(node, ast.Assert):
            seen.results.extend(_results(node.test, name))
        if isinstance(node, ast.Call) and _calls(node, name):
            for position, argument in enumerate(node.args):
                while len(seen.arguments) <= position:
                    seen.arguments.append([])
                seen.arguments[position].extend(read_literal(argument))
    return seen


def annotate(function: ast.FunctionDef, seen: Seen) -> ast.FunctionDef:
    """Give a function the annotations that it lacks, in place, and return it."""
    for argument, values in zip(function.args.args, chain(seen.arguments, repeat([])), strict=False):
        if argument.annotation is None:
            argument.annotation = ast.parse(describe(values), mode="eval").body
    if function.returns is None:
        function.returns = ast.parse(describe(seen.results), mode="eval").body
    return function


def describe(values: Sequence[Any]) -> str:
    """Return the annotation that fits all values."""
    rest = [value for value in values if value is not None]
    if not rest:
        return "None" if values else UNKNOWN
    found = _common(rest)
    return f"{found} | None" if len(rest) < len(values) and found != UNKNOWN else found


def read_literal(node: ast.expr) -> list[Any]:
    """Return the value of a literal, or nothing where an expression is none."""
    try:
        return [ast.literal_eval(node)]
    except (ValueError, TypeError, SyntaxError, MemoryError):
        return []


def _common(values: Sequence[Any]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {int, float}:
        return "float"
    if len(kinds) > 1:
        return UNKNOWN
    kind = kinds.pop()
    if kind in {list, set, frozenset}:
        return f"{kind.__name__}[{describe([item for value in values for item in value])}]"
    if kind is dict:
        keys = describe([key for value in values for key in value])
        return f"dict[{keys}, {describe([item for value in values for item in value.values()])}]"
    if kind is tuple:
        return _tuple(values)
    return kind.__name__


def _tuple(values: Sequence[tuple[Any, ...]]) -> str:
    lengths = {len(value) for value in values}
    if len(lengths) == 1 and max(lengths) in range(1, _FIELDS + 1):
        return f"tuple[{', '.join(describe(items) for items in zip(*values, strict=True))}]"
    return f"tuple[{describe([item for value in values for item in value])}, ...]"


def _results(test: ast.expr, name: str) -> Iterator[Any]:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test = test.operand
    if _calls(test, name):
        yield True
    elif isinstance(test, ast.Call) and ast.unparse(test.func).endswith("isclose"):
        yield 0.0
    elif isinstance(test, ast.Compare) and len(test.ops) == 1 and not isinstance(test.ops[0], ast.In | ast.NotIn):
        sides = [test.left, test.comparators[0]]
        if any(_calls(side, name) for side in sides):
            yield from (value for side in sides for value in read_literal(side))
        elif isinstance(test.ops[0], ast.Lt) and any(_calls(inner, name) for inner in ast.walk(test.left)):
            yield 0.0


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {name, "candidate"}
