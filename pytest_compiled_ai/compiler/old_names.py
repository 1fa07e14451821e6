"""The names that locals had: found where statements are the same but for them, and put back into the text."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pytest_compiled_ai.compiler.alignment import align
from pytest_compiled_ai.compiler.pieces import Clause, Piece, read_pieces
from pytest_compiled_ai.evaluation.text import SourceText
from pytest_compiled_ai.specs.renames import name_field, renamable_locals
from pytest_compiled_ai.specs.syntax import Function

_FIELD = re.compile(r"\{[^{}]*\}")
_WORD = re.compile(r"(?<![.\w])[^\W\d]\w*")


def find_old_names(
    old: str, before: Function, new: str, after: Function, taken: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Return which locals of a new version of a function had another name in the old one.

    Such a name is nowhere in the new version, so that nothing is captured; and most places of the local stand in
    statements that are the same but for names.

    Args:
        old: the text of the old version, with its header on one line.
        before: its tree.
        new: the text of the new version.
        after: its tree.
        taken: names that the module binds.
    """
    gone = renamable_locals(before, taken) - _all_names(after)
    fresh = renamable_locals(after, taken) - _all_names(before)
    if not gone or not fresh:
        return {}
    pairs = _pairs_of(read_pieces(old, before, gone), read_pieces(new, after, fresh))
    votes = Counter((one, other) for one, other in pairs if one in gone and other in fresh)
    places = Counter(_names_in(after))
    return {
        other: one
        for (one, other), count in votes.items()
        if 2 * count >= places[other] and sum(one == a or other == b for a, b in votes) == 1
    }


def rename(code: str, names: Mapping[str, str]) -> str:
    """Return a text with other names for locals: not for attributes, nor for the names of arguments."""
    tokens, out, at, depth = SourceText(code).tokens(0, len(code)), "", 0, 0
    for number, token in enumerate(tokens):
        depth += (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"})
        is_attribute = number > 0 and tokens[number - 1].text == "."
        is_keyword = depth > 0 and tokens[number + 1 : number + 2] and tokens[number + 1].text == "="
        text = token.text if is_attribute or is_keyword else names.get(token.text, token.text)
        out += code[at : token.span.start] + (_rename_fields(text, names) if text[-1:] in {"'", '"'} else text)
        at = token.span.end
    return out + code[at:]


def _rename_fields(literal: str, names: Mapping[str, str]) -> str:
    """Return an f-string with other names in its fields; from Python 3.12 on they are tokens of their own."""
    if "f" not in re.split("['\"]", literal.lower(), maxsplit=1)[0]:
        return literal
    return _FIELD.sub(lambda field: _WORD.sub(lambda word: names.get(word[0], word[0]), field[0]), literal)


def _pairs_of(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Yield the names at the same places of statements and headers that are the same but for names."""
    for before, piece in align(old, new):
        if before and before.key == piece.key:
            for one, other in zip(before.nodes, piece.nodes, strict=True):
                yield from _names_side_by_side(one, other)
        elif before:
            yield from _pairs_in(before.clauses, piece.clauses)


def _pairs_in(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[tuple[str, str]]:
    for before, clause in align(old, new):
        if before and before.key == clause.key:
            yield from _names_side_by_side(before.node, clause.node)
        if before:
            yield from _pairs_of(before.block, clause.block)


def _names_side_by_side(one: ast.AST, other: ast.AST) -> Iterator[tuple[str, str]]:
    yield from zip(_names_in(one), _names_in(other), strict=False)


def _names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif (field := name_field(node)) and (name := getattr(node, field)):
            yield name


def _all_names(tree: ast.AST) -> set[str]:
    """Return every name that a piece of code says, wherever it may be bound; attributes are bound nowhere."""
    nodes = (node for node in ast.walk(tree) if not isinstance(node, ast.Attribute | ast.Constant | ast.keyword))
    values = (value for node in nodes for _, value in ast.iter_fields(node))
    flat = (item for value in values for item in (value if isinstance(value, list) else [value]))
    return {item for item in flat if isinstance(item, str)}
