"""Names that are given a value of another type half-way: from there on each is a variable of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from pytest_compiled_ai.compiler.annotating.source import Edit, Source
from pytest_compiled_ai.gates.types import TypeFault
from pytest_compiled_ai.specs.syntax import Function

CODE: Final = "assignment"
_LATE: Final = (*Function.__args__, ast.Lambda, ast.GeneratorExp)
"""What may run later than it stands."""
_FIELDS: Final = ("id", "arg", "name", "asname", "rest")


def rename_reused(source: Source, faults: Iterable[TypeFault]) -> Iterator[Edit]:
    """Yield what gives such a name another one, from the faulty statement on; nothing where a run could tell.

    The statement has to be one of a function's own, in no loop or branch, so that what stands before it runs before it.
    """
    lines = {fault.line for fault in faults if fault.code == CODE}
    used = {each for node in ast.walk(source.tree) for each in _names_of(node)}
    done: set[str] = set()
    for node in source.nodes:
        if isinstance(node, ast.Assign) and lines & {*range(node.lineno, (node.end_lineno or 0) + 1)}:
            function = source.parent(node)
            if isinstance(function, Function):
                for target in _targets(node, function):
                    fresh = next(name for number in range(2, 99) if (name := f"{target.id}_{number}") not in used)
                    if target.id not in done and _is_safe(source, function, node, target.id):
                        done.add(target.id)
                        used.add(fresh)
                        yield from _rename(source, function, node, target.id, fresh)


def _targets(node: ast.Assign, function: Function) -> list[ast.Name]:
    """Return the names that a statement gives a value and that had one before: parameters, and earlier variables."""
    if len(node.targets) != 1:
        return []
    target = node.targets[0]
    found = [each for each in getattr(target, "elts", [target]) if isinstance(each, ast.Name)]
    before = {arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)}
    for statement in function.body[: function.body.index(node)]:
        before |= {each.id for each in ast.walk(statement) if isinstance(each, ast.Name)}
    return [each for each in found if each.id in before]


def _is_safe(source: Source, function: Function, node: ast.Assign, name: str) -> bool:
    """Tell whether no code that stands before the statement can look at the name after it."""
    if any(name in source.declared(each) for each in source.nodes if isinstance(each, Function)):
        return False
    start, _ = source.span(node)
    for each in ast.walk(function):
        # Names in f-strings have no sure place; those of handlers, patterns and imports are no nodes of their own.
        is_odd = not isinstance(each, ast.Name | ast.arg) and each is not function and name in _names_of(each)
        if is_odd or (isinstance(each, ast.JoinedStr) and _mentions(each, name)):
            return False
        if isinstance(each, _LATE) and each is not function and source.span(each)[0] < start and _mentions(each, name):
            return False
    return True


def _rename(source: Source, function: Function, node: ast.Assign, name: str, fresh: str) -> Iterator[Edit]:
    _, end = source.span(node)
    targets = {id(each) for target in node.targets for each in ast.walk(target)}
    for each in source.nodes:
        if isinstance(each, ast.Name) and each.id == name and source.owner(each) is function:
            span = source.span(each)
            if span[0] >= end or id(each) in targets:
                yield Edit(*span, fresh)


def _mentions(node: ast.AST, name: str) -> bool:
    return any(name in _names_of(each) for each in ast.walk(node))


def _names_of(node: ast.AST) -> list[str]:
    return [value for field in _FIELDS if isinstance(value := getattr(node, field, None), str)]
