"""Returned values that mypy takes for `Any`: kept in a variable of the type that the function says it returns."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pytest_compiled_ai.compiler.annotating.source import Edit, Source
from pytest_compiled_ai.gates.types import TypeFault
from pytest_compiled_ai.specs.syntax import Function

CODE: Final = "no-any-return"
_FRESH: Final = ("result", "answer", "value", "outcome", "returned")


def annotate_returns(source: Source, faults: Iterable[TypeFault], taken: Collection[str]) -> Iterator[Edit]:
    """Yield what puts each faulty value into a variable first.

    Args:
        source: the function.
        faults: mypy's, with lines as in the source.
        taken: names that the module gives a meaning.
    """
    lines = {fault.line for fault in faults if fault.code == CODE}
    used = {*taken, *_names(source)}
    name = next((fresh for fresh in _FRESH if fresh not in used), None)
    declared: set[Function] = set()
    returns = [node for node in source.nodes if isinstance(node, ast.Return) and node.lineno in lines]
    for node in sorted(returns, key=source.span):
        function = source.function_of(node)
        if name and node.value and function and function.returns and _can_say(source, function):
            annotation = "" if function in declared else f": {source.segment(function.returns)}"
            if edits := list(_split(source, node, name, annotation)):
                declared.add(function)
                yield from edits


def _split(source: Source, node: ast.Return, name: str, annotation: str) -> Iterator[Edit]:
    start, end = source.span(node)
    line_start, _ = source.line_at(start)
    _, line_end = source.line_at(end)
    before, behind = (source.data[slice(*span)].decode() for span in ((line_start, start), (end, line_end)))
    indent = before[: len(before) - len(before.lstrip())]
    if behind.strip() and not behind.strip().startswith("#"):
        return
    if before.strip():
        if not before.rstrip().endswith(":"):
            return
        indent += "    "
        yield Edit(line_start + len(before.rstrip().encode()), start, f"\n{indent}")
    space = "" if source.data[start + len("return") : start + len("return") + 1].isspace() else " "
    yield Edit(start, start + len("return"), f"{name}{annotation} ={space}")
    yield Edit(line_end, line_end, f"\n{indent}return {name}")


def _can_say(source: Source, function: Function) -> bool:
    """Tell whether the annotation means inside of the function what it means in front of it."""
    assert function.returns
    needed = {each.id for each in ast.walk(function.returns) if isinstance(each, ast.Name)}
    return source.bound(function).isdisjoint(needed)


def _names(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        for field in ("id", "arg", "name", "asname"):
            if isinstance(value := getattr(node, field, None), str):
                yield value
