"""The rows of a spec's tests: which arguments they give, and what they expect; read from the source, nothing is run."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pytest_compiled_ai.gates.answers.asserts import Reader
from pytest_compiled_ai.gates.answers.documented import Documented, read_documented
from pytest_compiled_ai.gates.answers.example import Example, Unread
from pytest_compiled_ai.gates.answers.parameters import rows_of
from pytest_compiled_ai.gates.answers.values import Names, UnknownValueError, fold
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.specs.doctests import docstrings_in
from pytest_compiled_ai.specs.syntax import Function, parse_source, read_source

__all__ = ["Example", "Unread", "examples_of", "found_constants", "read_docstring", "read_examples"]
_MOST = 500


def examples_of(root: Path, subject: Subject) -> tuple[Example, ...]:
    """Return the examples that the docstring of a spec and its test files hold.

    Raises:
        SpecLineError: a test file cannot be read.
    """
    names = frozenset({subject.stub.name, *(method.label for method in subject.stub.methods)})
    paths = dict.fromkeys(path for path in subject.test_paths if path != subject.file.relative)
    trees = [subject.file.tree, *(parse_source(read_source(root / path, path), path) for path in paths)]
    found = [example for tree in trees for example in read_examples(tree, names)]
    texts = "\n\n".join(item.text for item in docstrings_in(subject.stub.node))
    return (*found, *read_docstring(texts, names, found_constants(subject.file.tree)))


def read_examples(tree: ast.Module, functions: frozenset[str]) -> tuple[Example, ...]:
    """Return the examples in the functions of a test module: asserts, rows of `parametrize`, loops over literals."""
    reader = Reader(functions)
    constants = found_constants(tree)
    tests = [node for node in ast.walk(tree) if isinstance(node, Function) and node.name not in functions]
    rows = (example for test in tests for names in rows_of(test, constants) for example in reader.read(test, names))
    return tuple(islice(rows, _MOST))


def read_docstring(text: str, functions: frozenset[str], constants: Names) -> tuple[Example, ...]:
    """Return the examples that a docstring shows after `>>>`."""
    reader, names, found = Reader(functions), dict(constants), list[Example]()
    for item in read_documented(text):
        found += _documented(item, reader, names)
    return tuple(found)


def found_constants(tree: ast.Module) -> dict[str, object]:
    """Return the values of a module's names that stand for literals."""
    names: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            Reader(frozenset()).assign(node, names)
    return names


def _documented(item: Documented, reader: Reader, names: dict[str, object]) -> Iterator[Example]:
    for statement in item.statements:
        call = reader.call_in(statement, names)
        if isinstance(statement, ast.Expr) and call and item.raised:
            yield call.raises(item.raised)
        elif isinstance(statement, ast.Expr) and call and item.wanted is not None:
            with contextlib.suppress(UnknownValueError):
                yield from reader.compare(statement.value, fold(item.wanted, names), names)
        else:
            yield from reader.visit(statement, names)
