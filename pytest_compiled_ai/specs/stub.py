"""One stub, from its syntax tree and its source text."""

from __future__ import annotations

import ast
import copy

from pytest_compiled_ai.specs.headers import header_of
from pytest_compiled_ai.specs.model import Options, SpecLineError, Stub
from pytest_compiled_ai.specs.syntax import Function, clean_docstring, docstring_of, lines_of, segment_of


def build_stub(node: Function, options: Options, source: str, relative: str) -> Stub:
    """Return the record of one decorated function.

    Raises:
        SpecLineError: it has a body already.
    """
    docstring = docstring_of(node.body)
    if not is_unwritten(node):
        raise SpecLineError(relative, node.lineno, f"{node.name} has a body already: move it out or remove @spec.")
    return Stub(
        id=f"{relative}::{node.name}",
        name=node.name,
        line=node.lineno,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        header=header_of(node, source, line_below_spec(node, source)),
        docstring="" if docstring is None else clean_docstring(docstring),
        docstring_source="" if docstring is None else segment_of(source, node.body[0]),
        options=options,
        node=node,
    )


def is_unwritten(node: Function) -> bool:
    """Say whether a function has no body: its docstring alone, `...`, `pass` or `raise NotImplementedError`.

    A `yield` of nothing may follow: it tells type checkers that an async function is a generator.
    """
    rest = node.body if docstring_of(node.body) is None else node.body[1:]
    if rest and _is_bare_yield(rest[-1]):
        rest = rest[:-1]
    return len(rest) <= 1 and all(_is_placeholder(statement) for statement in rest)


def line_below_spec(node: Function | ast.ClassDef, source: str) -> int:
    """Return the line, from 1, where the definition below `@spec` begins: a decorator, `def` or `class`."""
    lines = lines_of(source)
    first = node.decorator_list[0].end_lineno or node.lineno
    while not lines[first].startswith((b"@", b"def", b"async", b"class")):
        first += 1
    return first + 1


def signature_of(stub: Stub) -> Function | ast.ClassDef:
    """Return what the spec says of a stub in code: the function without `@spec`, docstring and body.

    Of a class, only the methods that have to be written lose theirs. The stub's own node stays as it is.
    """
    signature = copy.copy(stub.node)
    signature.decorator_list = stub.node.decorator_list[1:]
    unwritten = set(map(id, stub.functions))
    signature.body = [_emptied(item) if id(item) in unwritten else item for item in stub.node.body]
    return signature if isinstance(signature, ast.ClassDef) else _emptied(signature)


def _emptied(node: ast.stmt) -> Function:
    assert isinstance(node, Function)
    emptied = copy.copy(node)
    emptied.body = []
    return emptied


def _is_placeholder(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    is_dots = (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and statement.value.value is ...
    )
    return is_dots or isinstance(statement, ast.Pass)


def _is_bare_yield(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield) and statement.value.value is None
