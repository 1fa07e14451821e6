"""Python source as text, its tree, and where in the text a node or a token stands."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_left
from typing import NamedTuple

from pytest_compiled_ai.specs.syntax import parse_source

_LAYOUT = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


class Span(NamedTuple):
    """A piece of a text, as offsets in characters; `end` is the first that does not belong to it."""

    start: int
    end: int


class Token(NamedTuple):
    """A token that is no comment and no layout."""

    text: str
    span: Span


class SourceText:
    r"""Source that parses, with `\n` line ends.

    Raises:
        SpecLineError: it does not parse.
    """

    def __init__(self, text: str) -> None:
        self.text, self.tree = text, parse_source(text, "source")
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._tokens = self._read_tokens()
        self._token_starts = [token.span.start for token in self._tokens]

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> Span:
        """Return where a node stands, without parentheses around it."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._place(node.lineno, node.col_offset)
        return Span(start, self._place(node.end_lineno, node.end_col_offset))

    def tokens(self, start: int, end: int) -> list[Token]:
        """Return the tokens that start in a piece of the text."""
        return self._tokens[bisect_left(self._token_starts, start) : bisect_left(self._token_starts, end)]

    def _place(self, line: int, column: int) -> int:
        before = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(before)

    def _read_tokens(self) -> list[Token]:
        found = []
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type not in _LAYOUT:
                start = self._starts[token.start[0] - 1] + token.start[1]
                end = self._starts[token.end[0] - 1] + token.end[1]
                found.append(Token(token.string, Span(start, end)))
        return found
