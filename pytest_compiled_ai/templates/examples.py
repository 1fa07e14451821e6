"""What the tests that a model is shown say of single calls, as values: `assert f("...") == {...}` and the like."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from pytest_compiled_ai.specs.syntax import Function, dotted_name

_UNREADABLE = (SyntaxError, ValueError, TypeError, MemoryError, RecursionError)


_MOST, _LONGEST = 12, 2000
"""Examples that a body is sketched by, and characters of a text: hundreds of expressions are tried on each."""


class Example(NamedTuple):
    """One call with literal arguments, by position, and what it returns."""

    given: tuple[Any, ...]
    result: Any


def read_examples(name: str, docstring: str, sources: Iterable[str]) -> tuple[Example, ...]:
    """Return the calls of a function that its docstring's examples and its tests' sources show, where they can be read.

    Rows of `parametrize` count, one by one. What is computed is no example.
    """
    found = list(_in_docstring(name, docstring))
    for source in sources:
        with suppress(*_UNREADABLE):
            tests = [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function)]
            found += [each for test in tests for row in _rows_of(test) for each in _in_test(name, test, row)]
    return tuple(found)


def _in_docstring(name: str, docstring: str) -> Iterator[Example]:
    with suppress(*_UNREADABLE):
        for example in doctest.DocTestParser().get_examples(docstring):
            with suppress(*_UNREADABLE):
                call = ast.parse(example.source.strip(), mode="eval").body
                yield from _pair(name, call, ast.parse(example.want.strip(), mode="eval").body, {})


def _rows_of(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Mapping[str, Any]]:
    """Yield the values of a test's parameters, once for each row."""
    marks = [item for item in test.decorator_list if isinstance(item, ast.Call)]
    marks = [item for item in marks if (dotted_name(item.func) or "").endswith("parametrize") and len(item.args) == 2]
    if len(marks) != 1:
        yield {}
        return
    names, values = (_value(item, {}) for item in marks[0].args)
    asked = [each.strip() for each in names.split(",")] if isinstance(names, str) else list(names)
    for row in values:
        yield dict(zip(asked, row if len(asked) > 1 else (row,), strict=True))


def _in_test(name: str, test: ast.FunctionDef | ast.AsyncFunctionDef, row: Mapping[str, Any]) -> Iterator[Example]:
    calls: dict[str, ast.expr] = {}
    for node in test.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            calls[node.targets[0].id] = node.value
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare) and isinstance(node.test.ops[0], ast.Eq):
            left, right = node.test.left, node.test.comparators[0]
            asked = calls.get(left.id, left) if isinstance(left, ast.Name) else left
            yield from _pair(name, asked, right, row)


def _pair(name: str, call: ast.expr, result: ast.expr, row: Mapping[str, Any]) -> Iterator[Example]:
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name and not call.keywords:
        with suppress(*_UNREADABLE):
            yield Example(tuple(_value(item, row) for item in call.args), _value(result, row))


def _value(node: ast.expr, row: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name) and node.id in row:
        return row[node.id]
    return ast.literal_eval(node)


def texts_and_results(examples: Sequence[Example]) -> list[tuple[str, dict[str, Any]]]:
    """Return the examples of a function that makes a dict of a text: the first of those that are quickly searched."""
    found = [(each.given[0], each.result) for each in examples if len(each.given) == 1]
    fit = [(text, result) for text, result in found if isinstance(text, str) and isinstance(result, dict)]
    return [(text, result) for text, result in fit if len(text) <= _LONGEST][:_MOST]
