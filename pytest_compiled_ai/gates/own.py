"""A candidate's own lines: what the model wrote, without what the spec did."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate
from pytest_compiled_ai.specs.syntax import Function


def own_tokens(candidate: Candidate) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens below the spec's header and docstring."""
    for token in tokenize.generate_tokens(io.StringIO(candidate.function).readline):
        if candidate.owns(token.start[0]):
            yield token


def own_functions(candidate: Candidate) -> Iterator[Function]:
    """Yield the function, or the methods of a class, whose bodies the model wrote."""
    node = candidate.node
    for function in node.body if isinstance(node, ast.ClassDef) else [node]:
        if isinstance(function, Function) and any(True for _ in own_body(function, candidate)):
            yield function


def own_body(function: Function, candidate: Candidate) -> Iterator[ast.stmt]:
    """Yield the statements of one of its functions that the model wrote."""
    return (node for node in function.body if candidate.owns(node.lineno))


def own_statements(candidate: Candidate) -> Iterator[ast.stmt]:
    """Yield the statements below the spec's header and docstring."""
    return (node for function in own_functions(candidate) for node in own_body(function, candidate))


def own_nodes(candidate: Candidate) -> Iterator[ast.AST]:
    """Yield every node of the candidate's own statements."""
    return (node for statement in own_statements(candidate) for node in ast.walk(statement))


def own_text(candidate: Candidate) -> str:
    """Return the lines below the spec's header and docstring."""
    lines = candidate.function.split("\n")
    return "\n".join(line for number, line in enumerate(lines, 1) if candidate.owns(number))
