"""The statements of a body as pieces of text: each with the comments above it, and compound ones with their blocks."""

from __future__ import annotations

import ast
import copy
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pytest_compiled_ai.specs.canonical import canonical_exact
from pytest_compiled_ai.specs.syntax import Function

_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
_VERSIONED = ("Assign", "AnnAssign", "AugAssign", "Return")
"""Simple statements of which two of a kind are versions of one."""


class Line(NamedTuple):
    """One line of a text; one that a string goes on in must not be indented anew."""

    text: str
    is_fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A header of a compound statement, such as `else:`, with the comments above it and the block below it."""

    kind: str
    key: bytes
    node: ast.AST
    indent: str
    lines: tuple[Line, ...]
    block: tuple[Piece, ...]

    def resembles(self, other: Clause) -> bool:
        """Tell whether this is another version of a header that means something else."""
        return self.kind == other.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One statement, or several that share a line.

    `key` is what it means, and `kind` what it is at all, with the names that an assignment binds. `lead` are the lines
    above it, comments and blank ones; `clauses` are there where it is a compound statement on lines of its own.
    """

    kind: str
    key: bytes
    nodes: tuple[ast.stmt, ...]
    indent: str
    lead: tuple[Line, ...]
    lines: tuple[Line, ...]
    clauses: tuple[Clause, ...] = ()

    @property
    def parts(self) -> frozenset[bytes]:
        """Return what its headers and the pieces in its blocks mean."""
        found = {clause.key for clause in self.clauses if clause.kind not in {"else", "try", "finally"}}
        for piece in (piece for clause in self.clauses for piece in clause.block):
            found |= {piece.key, *piece.parts}
        return frozenset(found)

    def resembles(self, other: Piece) -> bool:
        """Tell whether this is another version of a piece that means something else."""
        if self.kind != other.kind or bool(self.clauses) != bool(other.clauses):
            return False
        return bool(self.parts & other.parts) if self.clauses else self.kind.startswith(_VERSIONED)


def read_pieces(code: str, function: Function, numbered: frozenset[str] = frozenset()) -> tuple[Piece, ...]:
    """Return the pieces of a function's body.

    Args:
        code: the text that the function was parsed from; its header is one line.
        function: its tree.
        numbered: locals whose names count for nothing in a key.

    Raises:
        SpecError: it holds syntax that digest v1 does not know.
    """
    return _Reader(code, function, numbered).read_block(function.body, function.lineno)


class _Reader:
    def __init__(self, code: str, function: Function, numbered: frozenset[str]) -> None:
        fixed = {line for node in ast.walk(function) for line in _lines_inside(node)}
        self._lines = [Line(text, number in fixed) for number, text in enumerate(code.split("\n"), 1)]
        self._ends, self._numbered = dict(_logical_lines(code)), numbered

    def read_block(self, statements: Sequence[ast.stmt], above: int) -> tuple[Piece, ...]:
        """Return the pieces of a block; `above` is the last line that does not belong to it."""
        pieces = []
        for group in _group(statements):
            pieces.append(self._read(group, above))
            above = _end(group[-1])
        return tuple(pieces)

    def _read(self, group: Sequence[ast.stmt], above: int) -> Piece:
        start = _first_line(group[0])
        return Piece(
            kind=" ".join(map(_kind_of, group)),
            key=b";".join(canonical_exact(node, self._numbered) for node in group),
            nodes=tuple(group),
            indent=self._indent(start),
            lead=self._cut(above + 1, start - 1),
            lines=self._cut(start, _end(group[-1])),
            clauses=self._read_clauses(group[0]) if len(group) == 1 else (),
        )

    def _read_clauses(self, node: ast.stmt) -> tuple[Clause, ...]:
        clauses: list[Clause] = []
        start = below = _first_line(node)
        for kind, header, block in self._split(node):
            if clauses:
                below = start + 1
                start = next(n for n in range(below, _end(node) + 1) if _is_code(self._lines[n - 1].text))
            end = self._ends[start if clauses else node.lineno]
            if block and block[0].lineno <= end:
                return ()
            key = f"{kind} ".encode() + canonical_exact(header, self._numbered)
            lines, pieces = self._cut(below, end), self.read_block(block, end)
            clauses.append(
                Clause(kind=kind, key=key, node=header, indent=self._indent(start), lines=lines, block=pieces)
            )
            start = _end(block[-1]) if block else end
        return tuple(clauses)

    def _split(self, node: Any) -> Iterator[tuple[str, ast.AST, list[Any]]]:
        """Yield the headers of a compound statement with their blocks; nothing for a simple statement."""
        match node:
            case ast.If():
                yield from self._split_if(node, "if")
            case ast.Try() | ast.TryStar():
                yield "try", ast.Pass(), node.body
                yield from (("except", _bare(handler), handler.body) for handler in node.handlers)
                yield from (("else", ast.Pass(), block) for block in (node.orelse,) if block)
                yield from (("finally", ast.Pass(), block) for block in (node.finalbody,) if block)
            case ast.Match():
                yield "match", _bare(node), []
                yield from (("case", _bare(case), case.body) for case in node.cases)
            case _ if hasattr(node, "body"):
                yield type(node).__name__, _bare(node), node.body
                yield from (("else", ast.Pass(), block) for block in (getattr(node, "orelse", ()),) if block)

    def _split_if(self, node: ast.If, kind: str) -> Iterator[tuple[str, ast.AST, list[ast.stmt]]]:
        yield kind, _bare(node), node.body
        other = node.orelse[0] if node.orelse else None
        if isinstance(other, ast.If) and self._lines[other.lineno - 1].text.lstrip().startswith("elif"):
            yield from self._split_if(other, "elif")
        elif other:
            yield "else", ast.Pass(), node.orelse

    def _indent(self, line: int) -> str:
        text = self._lines[line - 1].text
        return text[: len(text) - len(text.lstrip())]

    def _cut(self, start: int, end: int) -> tuple[Line, ...]:
        return tuple(self._lines[start - 1 : end])


def _group(statements: Sequence[ast.stmt]) -> list[list[ast.stmt]]:
    groups: list[list[ast.stmt]] = []
    for node in statements:
        if groups and node.lineno <= _end(groups[-1][-1]):
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


def _kind_of(node: ast.stmt) -> str:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    bound = [ast.unparse(target) for target in targets if target]
    is_bound = isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
    return f"{type(node).__name__} {', '.join(bound)}" if is_bound else type(node).__name__


def _bare(node: ast.AST) -> ast.AST:
    """Return a header: a node without its blocks."""
    shell = copy.copy(node)
    for field in _BLOCKS:
        if hasattr(shell, field):
            setattr(shell, field, [])
    return shell


def _is_code(text: str) -> bool:
    return bool(text.strip()) and not text.lstrip().startswith("#")


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _end(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno


def _lines_inside(node: ast.AST) -> range:
    """Return the lines that begin within a string."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)):
        return range(node.lineno + 1, (node.end_lineno or 0) + 1)
    return range(0)


def _logical_lines(code: str) -> Iterator[tuple[int, int]]:
    """Yield where each logical line starts, and where it ends."""
    start = 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.NEWLINE:
            yield start, token.start[0]
            start = 0
        elif not start and token.type not in {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}:
            start = token.start[0]
