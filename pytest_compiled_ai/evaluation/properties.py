"""What the `@given` of a spec's own tests draws, where the tests hand it on to the function as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_compiled_ai.evaluation.draws import Arguments
from pytest_compiled_ai.evaluation.notation import realise
from pytest_compiled_ai.gates.answers.values import fold
from pytest_compiled_ai.gates.examples_of_tests import found_constants
from pytest_compiled_ai.specs.imports import bindings_of, plain_imports
from pytest_compiled_ai.specs.syntax import Function, dotted_name

Strategy = SearchStrategy[Any]
_NAMES: Final = """
binary booleans characters complex_numbers dates datetimes decimals dictionaries floats fractions from_regex frozensets
integers just lists none nothing one_of permutations sampled_from sets text timedeltas times tuples uuids
"""
_STRATEGIES: Final = frozenset(_NAMES.split())
_MODULE: Final = "hypothesis.strategies."


def read_properties(tree: ast.Module, function: str) -> Iterator[Arguments]:
    """Yield what draws the arguments of each call of a function in the property tests of a module."""
    reader = _Reader(tree)
    for test in (node for node in ast.walk(tree) if isinstance(node, Function)):
        drawn = reader.read_given(test)
        stored = {node.id for node in ast.walk(test) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        usable = {name: strategy for name, strategy in drawn.items() if name not in stored}
        for call in ast.walk(test) if usable else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == function:
                with suppress(KeyError):
                    yield _arguments_of(call, usable)


def _arguments_of(call: ast.Call, drawn: Mapping[str, Strategy]) -> Arguments:
    """Return what draws the arguments of a call; raises KeyError where one is something else than a drawn name."""
    positional = [drawn[_name_of(item)] for item in call.args]
    named = {item.arg: drawn[_name_of(item.value)] for item in call.keywords if item.arg or drawn["**"]}
    return st.tuples(st.tuples(*positional).map(list), st.fixed_dictionaries({str(key): named[key] for key in named}))


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


class _Reader:
    """Builds strategies of expressions that are calls of `hypothesis.strategies` with literals, and of no other."""

    def __init__(self, tree: ast.Module) -> None:
        bindings = [each for node in plain_imports(tree) for each in bindings_of(node)]
        self._bound = {
            each.bound: f"{each.module}.{each.name}" if each.name else each.module if each.alias else each.bound
            for each in bindings
        }
        self._constants = found_constants(tree)
        # What refers to itself is not followed: a name is taken out while its own expression is read.
        self._assigned: dict[str, ast.expr] = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def read_given(self, test: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Strategy]:
        """Return the parameters of a test that hypothesis fills, as far as their strategies can be built."""
        found: dict[str, Strategy | None] = {}
        names = [each.arg for each in test.args.args]
        for mark in test.decorator_list:
            if isinstance(mark, ast.Call) and self._meaning(mark.func) == "hypothesis.given":
                # Positional ones fill the last parameters: those before are fixtures.
                last = names[len(names) - len(mark.args) :]
                found |= {name: self.strategy(item) for name, item in zip(last, mark.args, strict=False)}
                found |= {str(item.arg): self.strategy(item.value) for item in mark.keywords}
        return {name: strategy for name, strategy in found.items() if strategy is not None}

    def strategy(self, node: ast.expr) -> Strategy | None:
        """Return the strategy that an expression is, or None."""
        match node:
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                sides = [self.strategy(left), self.strategy(right)]
                return None if None in sides else st.one_of(*(side for side in sides if side is not None))
            case ast.Name(id=name) if name in self._assigned:
                value = self._assigned.pop(name)
                found = self.strategy(value)
                self._assigned[name] = value
                return found
            case ast.Call():
                return self._call(node)
        return None

    def _call(self, node: ast.Call) -> Strategy | None:
        meaning = self._meaning(node.func)
        name = meaning.removeprefix(_MODULE)
        if meaning == name or name not in _STRATEGIES or any(item.arg is None for item in node.keywords):
            return None
        try:
            given = [self._argument(item) for item in node.args]
            named = {str(item.arg): self._argument(item.value) for item in node.keywords}
            found = getattr(st, name)(*given, **named)
        except Exception:  # hypothesis' own, of which there are many, and what an expression without a value raises
            return None
        return found if isinstance(found, SearchStrategy) else None

    def _argument(self, node: ast.expr) -> Any:
        if (strategy := self.strategy(node)) is not None:
            return strategy
        inner = [self.strategy(item) for item in node.elts] if isinstance(node, ast.List | ast.Tuple) else []
        if inner and None not in inner:
            return inner
        return realise(fold(node, self._constants))

    def _meaning(self, node: ast.expr) -> str:
        first, dot, rest = (dotted_name(node) or "").partition(".")
        return self._bound.get(first, "") + dot + rest
