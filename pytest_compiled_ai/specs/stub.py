"""One stub, from its syntax tree and its source text."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from pytest_compiled_ai.specs.model import Options, SpecLineError, Stub
from pytest_compiled_ai.specs.scopes import defaults_of, parameters_of
from pytest_compiled_ai.specs.syntax import Function, clean_docstring, docstring_of


def build_stub(node: Function, options: Options, source: str, relative: str) -> Stub:
    """Return the record of one decorated function.

    Raises:
        SpecLineError: it has a body already.
    """
    docstring = docstring_of(node.body)
    rest = node.body if docstring is None else node.body[1:]
    if len(rest) > 1 or not all(_is_placeholder(statement) for statement in rest):
        raise SpecLineError(relative, node.lineno, f"{node.name} has a body already: move it out or remove @spec.")
    return Stub(
        id=f"{relative}::{node.name}",
        name=node.name,
        line=node.lineno,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        header=_header(node, source),
        docstring="" if docstring is None else clean_docstring(docstring),
        docstring_source="" if docstring is None else ast.get_source_segment(source, node.body[0]) or "",
        options=options,
        node=node,
    )


def _is_placeholder(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    is_dots = (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and statement.value.value is ...
    )
    return is_dots or isinstance(statement, ast.Pass)


def _header(node: Function, source: str) -> str:
    lines = source.encode().split(b"\n")
    first = node.decorator_list[0].end_lineno or node.lineno
    while not lines[first].startswith((b"@", b"def", b"async")):
        first += 1
    line, column = max(_ends(node), default=(node.lineno, lines[node.lineno - 1].index(b"(")))
    last, colon = _find_colon(lines, line - 1, column)
    return b"\n".join([*lines[first:last], lines[last][: colon + 1]]).decode()


def _ends(node: Function) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a signature end, as (line, column in bytes)."""
    parts = (*parameters_of(node.args), *defaults_of(node.args), node.returns, *getattr(node, "type_params", ()))
    for part in parts:
        if part is not None:
            yield part.end_lineno or 0, part.end_col_offset or 0


def _find_colon(lines: list[bytes], line: int, column: int) -> tuple[int, int]:
    """Return the first colon outside comments at or after a place that only brackets and commas follow."""
    while (place := lines[line][column:].partition(b"#")[0].find(b":")) < 0:
        line, column = line + 1, 0
    return line, column + place


def signature_of(stub: Stub) -> Function:
    """Return a stub's function without `@spec`, docstring and body: its own node stays as it is."""
    signature = copy.copy(stub.node)
    signature.decorator_list = stub.node.decorator_list[1:]
    signature.body = []
    return signature
