"""The tests that a person would write of asserts: the rows of one test, a test for each, or one of the whole."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence

from benchmarks.codegen.annotations import read_literal


def write_check(tests: ast.Module, function: ast.FunctionDef) -> Iterator[str]:
    """Yield the text of a module that defines `check(candidate)`, its asserts as tests of a function."""
    check = find_function(tests, "check")
    renamed = _Rename("candidate", function.name).visit(ast.Module(body=check.body, type_ignores=[]))
    statements = [node for node in ast.parse(ast.unparse(renamed)).body if not _is_constant(node)]
    yield from (ast.unparse(node) for node in tests.body if node is not check and not _is_metadata(node))
    yield from write_tests(statements, function)


def write_tests(statements: Sequence[ast.stmt], function: ast.FunctionDef) -> Iterator[str]:
    """Yield the tests of a function that these statements are, most of them asserts."""
    if rows := _read_rows(statements, function):
        yield _write_rows(rows, function)
    elif all(isinstance(node, ast.Assert) for node in statements):
        for number, node in enumerate(statements, 1):
            yield f"def test_{number}() -> None:\n{textwrap.indent(ast.unparse(node), '    ')}"
    else:
        whole = "\n".join(map(ast.unparse, statements))
        yield f"def test_all() -> None:\n{textwrap.indent(whole, '    ')}"


def find_function(tree: ast.Module, name: str) -> ast.FunctionDef:
    """Return the function of that name at a module's top level."""
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)


def _write_rows(rows: Sequence[ast.Tuple], function: ast.FunctionDef) -> str:
    # A parameter may have the name of a fixture, or of the function.
    given = [f"given_{argument.arg}" for argument in function.args.args]
    listed = "".join(f"        {ast.unparse(row)},\n" for row in rows)
    return (
        f"@pytest.mark.parametrize(\n    {(*given, 'expected')!r},\n    [\n{listed}    ],\n)\n"
        f"def test_rows({', '.join(f'{name}: Any' for name in (*given, 'expected'))}) -> None:\n"
        f"    assert {function.name}({', '.join(given)}) == expected"
    )


def _read_rows(statements: Sequence[ast.stmt], function: ast.FunctionDef) -> list[ast.Tuple]:
    """Return the arguments and the expected value of every assert, or nothing if one of them is no such row."""
    rows = []
    for node in statements:
        match node:
            case ast.Assert(
                test=ast.Compare(
                    left=ast.Call(func=ast.Name(id=called), args=given, keywords=[]),
                    ops=[ast.Eq()],
                    comparators=[value],
                )
            ) if called == function.name and len(given) == len(function.args.args):
                row = ast.Tuple(elts=[*given, value], ctx=ast.Load())
                if not read_literal(row):
                    return []
                rows.append(row)
            case _:
                return []
    return rows


class _Rename(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self._new if node.id == self._old else node.id, node.ctx), node)


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant)


def _is_metadata(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "METADATA"
