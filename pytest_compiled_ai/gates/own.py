"""A candidate's own lines: what the model wrote, without what the spec did."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate


def own_tokens(candidate: Candidate) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens below the spec's header and docstring."""
    for token in tokenize.generate_tokens(io.StringIO(candidate.function).readline):
        if token.start[0] > candidate.header_lines:
            yield token


def own_statements(candidate: Candidate) -> Iterator[ast.stmt]:
    """Yield the statements below the spec's header and docstring."""
    return (node for node in candidate.node.body if node.lineno > candidate.header_lines)


def own_nodes(candidate: Candidate) -> Iterator[ast.AST]:
    """Yield every node of the candidate's own statements."""
    return (node for statement in own_statements(candidate) for node in ast.walk(statement))


def own_text(candidate: Candidate) -> str:
    """Return the lines below the spec's header and docstring."""
    return "\n".join(candidate.function.split("\n")[candidate.header_lines :])
