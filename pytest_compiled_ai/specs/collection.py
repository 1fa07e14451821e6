"""The tests of a file, as pytest's default rules would collect them, each as a definition of its own."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Iterator

from pytest_compiled_ai.specs.definitions import Definition, Module, named_node
from pytest_compiled_ai.specs.syntax import Function, dotted_name

Class = tuple[ast.ClassDef, Module]
Bases = Callable[[ast.ClassDef, Module], Iterator[Class]]


def tests_in(module: Module, imported: Iterable[tuple[str, Definition]], bases: Bases) -> Iterator[Definition]:
    """Yield a file's tests in source order: functions `test*`, and the methods `test*` of classes `Test*`.

    A method's definition is its whole class without the other tests, so that decorators, attributes, fixtures and
    set-up belong to it. Inherited methods count, unittest's classes whatever their name, hypothesis's
    `TestX = Machine.TestCase`, and tests that the file imports: `imported` gives its imported names with what they
    mean, `bases` a class's base classes in the project with their modules.
    """
    for name, definition in module.definitions.items():
        node = named_node(definition.nodes, name)
        if isinstance(node, ast.ClassDef):
            for qualname, alone in _methods(name, (node, module), bases):
                yield _test(module, qualname, alone)
        elif node is None:
            if _is_machine(name, definition):
                yield _test(module, f"{name}::runTest", *definition.nodes)
        elif definition.kind == "test":
            yield definition
    for name, definition in imported:
        node = named_node(definition.nodes, definition.name)
        mention = ast.Expr(ast.Name(name, ast.Load()))
        if isinstance(node, ast.ClassDef):
            for qualname, _ in _methods(name, (node, definition.module), bases):
                yield _test(module, qualname, mention)
        elif node is not None and definition.kind != "fixture" and name.startswith("test"):
            yield _test(module, name, mention)


def _test(module: Module, name: str, *nodes: ast.AST) -> Definition:
    return Definition(module=module, name=name, kind="test", nodes=nodes)


def _methods(name: str, owner: Class, bases: Bases) -> Iterator[tuple[str, ast.ClassDef]]:
    node, module = owner
    if not _is_collected(name, owner, bases):
        return
    rest = [item for item in node.body if not _is_test(item) and not _is_test_class(item)]
    last = {item.name: item for item in node.body if isinstance(item, Function | ast.ClassDef)}
    for item in last.values():
        if isinstance(item, Function) and _is_test(item):
            yield f"{name}::{item.name}", _with_body(node, [*rest, item])
        elif isinstance(item, ast.ClassDef) and _is_test_class(item):
            for qualname, alone in _methods(item.name, (item, module), bases):
                yield f"{name}::{qualname}", _with_body(node, [*rest, alone])
    for inherited in dict.fromkeys(_inherited(owner, bases, frozenset())):
        if inherited not in last:
            yield f"{name}::{inherited}", _with_body(node, rest)


def _inherited(owner: Class, bases: Bases, seen: frozenset[int]) -> Iterator[str]:
    for base in bases(*owner):
        if id(base[0]) not in seen:
            yield from (item.name for item in base[0].body if isinstance(item, Function) and _is_test(item))
            yield from _inherited(base, bases, seen | {id(base[0])})


def _is_collected(name: str, owner: Class, bases: Bases) -> bool:
    family = (owner[0], *(base for base, _ in bases(*owner)))
    parents = [(dotted_name(base) or "").rpartition(".")[2] for node in family for base in node.bases]
    is_unittest = any(parent.endswith("TestCase") for parent in parents)
    return (name.startswith("Test") or is_unittest) and not any(_forbids_collection(item) for item in owner[0].body)


def _forbids_collection(item: ast.stmt) -> bool:
    if isinstance(item, ast.Assign):
        is_mark = any(isinstance(target, ast.Name) and target.id == "__test__" for target in item.targets)
        return is_mark and isinstance(item.value, ast.Constant) and not item.value.value
    return isinstance(item, Function) and item.name in {"__init__", "__new__"}


def _is_test(item: ast.stmt) -> bool:
    return isinstance(item, Function) and item.name.startswith("test")


def _is_test_class(item: ast.stmt) -> bool:
    return isinstance(item, ast.ClassDef) and item.name.startswith("Test")


def _is_machine(name: str, definition: Definition) -> bool:
    values = (node.value for node in definition.nodes if isinstance(node, ast.Assign))
    return name.startswith("Test") and any(isinstance(v, ast.Attribute) and v.attr == "TestCase" for v in values)


def _with_body(node: ast.ClassDef, body: list[ast.stmt]) -> ast.ClassDef:
    alone = copy.copy(node)
    alone.body = body
    return alone
