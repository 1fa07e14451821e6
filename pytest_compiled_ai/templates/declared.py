"""The exceptions that a spec says its function raises."""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import sys
from collections.abc import Callable, Iterable

from pytest_compiled_ai.gates.answers.documented import read_documented
from pytest_compiled_ai.specs.syntax import Function, dotted_name

_SECTION = re.compile(r"^[ \t]*Raises:?[ \t]*\n(?:[ \t]*-+[ \t]*\n)?((?:[ \t]*\S.*\n?)+)", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*`*([A-Za-z_][\w.]*)`*[ \t]*(?::|$|,|\()", re.MULTILINE)
_FIELD = re.compile(r":(?:raises?|except(?:ion)?)[ \t]+([\w.]+):")
_PROSE = re.compile(r"\braises?\s+(?:an?\s+)?`*([A-Z]\w*)`*", re.IGNORECASE)
_WITH = frozenset({"raises", "assertRaises", "assertRaisesRegex", "RaisesExc"})


def declared_errors(docstring: str, tests: Iterable[ast.AST], name: str) -> frozenset[str]:
    """Return the bare names of the exceptions that a docstring declares, or that a test of the function waits for.

    Args:
        docstring: the function's.
        tests: the modules of its tests.
        name: the function's.
    """
    sections = "\n".join(_SECTION.findall(docstring))
    said = [*_ITEM.findall(sections), *_FIELD.findall(docstring), *_PROSE.findall(docstring)]
    said += [item.raised for item in read_documented(docstring)]
    functions = [node for tree in tests for node in ast.walk(tree) if isinstance(node, Function)]
    for function in functions:
        if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(function)):
            said += _awaited(function)
    return frozenset(bare for each in said if (bare := each.rpartition(".")[2])[:1].isupper())


def _awaited(function: ast.AST) -> list[str]:
    """Return what a test says that is raised; what a row gives to `raises` stands in its decorator."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and node.args]
    waits = [call.args[0] for call in calls if (dotted_name(call.func) or "").rpartition(".")[2] in _WITH]
    rows = getattr(function, "decorator_list", []) if waits else []
    return [node.id for each in (*waits, *rows) for node in ast.walk(each) if isinstance(node, ast.Name)]


def is_declared(raised: str, declared: frozenset[str], bases: Callable[[str], tuple[str, ...]]) -> bool:
    """Tell whether an exception, by its full name, is one of those declared or inherits from one.

    Args:
        raised: the name, as `app.errors.BadAmount`; of a builtin one without a module.
        declared: bare names.
        bases: returns the names of what a project's class inherits from.
    """
    waiting, seen = [raised], set[str]()
    while waiting:
        name = waiting.pop()
        if name.rpartition(".")[2] in declared:
            return True
        if name not in seen:
            seen.add(name)
            waiting += [*_standard_bases(name), *bases(name)]
    return False


def _standard_bases(name: str) -> tuple[str, ...]:
    """Return the full line of an exception of the standard library."""
    module, _, last = name.rpartition(".")
    if module and module.partition(".")[0] not in sys.stdlib_module_names:
        return ()
    try:
        kind = getattr(importlib.import_module(module) if module else builtins, last, None)
    except ImportError:
        return ()
    return tuple(each.__name__ for each in kind.__mro__[:-3]) if isinstance(kind, type) else ()
