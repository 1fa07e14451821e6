"""Where `@spec` stands in a file, and whether it may stand there."""

from __future__ import annotations

import ast
from typing import NamedTuple

from pytest_compiled_ai.specs.imports import Binding
from pytest_compiled_ai.specs.model import SpecLineError
from pytest_compiled_ai.specs.scopes import bound_names
from pytest_compiled_ai.specs.syntax import Function, dotted_name
from pytest_compiled_ai.specs.walking import definitions_in

PACKAGE = "pytest_compiled_ai"


class Spelling(NamedTuple):
    """The dotted names that mean a decorator of ours in one file, as its imports make them."""

    names: frozenset[str]

    def matches(self, decorator: ast.expr) -> bool:
        """Say whether a decorator is that one, bare or called."""
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        return dotted_name(called) in self.names


def spelling_in(bindings: tuple[Binding, ...], decorator: str = "spec") -> Spelling:
    """Return how a file with these imports can write `spec`, or another decorator of ours."""
    names: set[str] = set()
    for binding in bindings:
        if binding.module == PACKAGE and binding.name in {decorator, "*"}:
            names.add(binding.bound if binding.name == decorator else decorator)
        elif binding.module == PACKAGE and not binding.name:
            names.add(f"{binding.bound}.{decorator}")
    return Spelling(names=frozenset(names))


def decorated_nodes(tree: ast.Module, spelling: Spelling, relative: str) -> tuple[Function | ast.ClassDef, ...]:
    """Return the module-level functions and classes below an outermost `@spec`, in source order.

    Raises:
        SpecLineError: `@spec` stands anywhere else, or a stub's name is bound twice.
    """
    found: list[Function | ast.ClassDef] = []
    for node in definitions_in(tree):
        places = [index for index, item in enumerate(node.decorator_list) if spelling.matches(item)]
        if places:
            found.append(_checked(node, places, tree, relative))
    found.sort(key=lambda node: node.lineno)
    _refuse_duplicates(found, tree, relative)
    return tuple(found)


def _checked(
    node: Function | ast.ClassDef, places: list[int], tree: ast.Module, relative: str
) -> Function | ast.ClassDef:
    if node not in tree.body:
        wanted = "a top-level function or class"
        raise SpecLineError(relative, node.lineno, f"{node.name} is not at module level: @spec wants {wanted}.")
    if places != [0]:
        raise SpecLineError(relative, node.lineno, f"{node.name}: @spec must be its first decorator, and only once.")
    return node


def _refuse_duplicates(stubs: list[Function | ast.ClassDef], tree: ast.Module, relative: str) -> None:
    lines: dict[str, list[int]] = {stub.name: [] for stub in stubs}
    for statement in tree.body:
        for name in lines.keys() & bound_names(statement):
            lines[name].append(statement.lineno)
    for stub in stubs:
        others = [line for line in lines[stub.name] if line != stub.lineno]
        if others:
            raise SpecLineError(
                relative, stub.lineno, f"{stub.name} is bound again at line {_listed(others)}; rename one."
            )


def _listed(lines: list[int]) -> str:
    return " and ".join(str(line) for line in lines)
