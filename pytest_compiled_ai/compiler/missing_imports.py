"""Imports that a model forgot: a name that nothing binds, and that the standard library has under just that name."""

from __future__ import annotations

import ast
import builtins
import collections
import datetime
import decimal
import fractions
import functools
import heapq
import itertools
import math
import re
import string
import symtable
import typing
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.compiler.body import Body, splice
from pytest_compiled_ai.gates.base import Subject

_MODULES: tuple[ModuleType, ...] = (
    collections, itertools, functools, math, typing, decimal, fractions, datetime, heapq, re, string
)  # fmt: skip
"""Where a bare name is looked for, the likeliest place first."""


def add_imports(body: Body, subject: Subject) -> Body:
    """Return the body with the imports that it needs and does not have; what cannot be told stays as it is."""
    tree = ast.parse(code := splice(subject.stub, body.text, body.methods))
    bound = {item.bound for item in (*subject.imports, *body.imports)}
    bound |= {*subject.constants, *(stub.name for stub in (subject.stub, *subject.used)), *dir(builtins)}
    found = [_find(name, tree) for name in sorted(_globals(symtable.symtable(code, "body", "exec")) - bound)]
    return replace(body, imports=(*body.imports, *filter(None, found)))


def _globals(table: symtable.SymbolTable) -> set[str]:
    own = {symbol.get_name() for symbol in table.get_symbols() if _is_free(symbol)}
    return own.union(*map(_globals, table.get_children()))


def _is_free(symbol: symtable.Symbol) -> bool:
    # Of a function named `top`, symtable takes every local for a global.
    return symbol.is_global() and symbol.is_referenced() and not symbol.is_local()


def _find(name: str, tree: ast.AST) -> Import | None:
    attributes = set(_attributes(name, tree))
    for module in _MODULES:
        if module.__name__ == name and attributes and all(hasattr(module, attribute) for attribute in attributes):
            return Import(module=name, name=None, bound=name)
    for module in _MODULES:
        if not name.startswith("_") and name in getattr(module, "__all__", dir(module)):
            return Import(module=module.__name__, name=name, bound=name)
    return None


def _attributes(name: str, tree: ast.AST) -> Iterator[str]:
    """Yield the attributes that are read of a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            yield node.attr
