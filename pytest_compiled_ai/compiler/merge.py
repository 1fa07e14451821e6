"""A new body in the words of the old one: what means the same keeps its text, its comments and its names."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from pytest_compiled_ai.compiler.alignment import align
from pytest_compiled_ai.compiler.old_names import find_old_names, rename
from pytest_compiled_ai.compiler.pieces import Clause, Line, Piece, read_pieces
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.canonical import canonical_exact
from pytest_compiled_ai.specs.renames import renamable_locals
from pytest_compiled_ai.specs.syntax import Function, parse_source


def merge_body(old: str, new: str, function: Function, taken: frozenset[str] = frozenset()) -> str:
    """Return the new body of a function with the text of the old one wherever both mean the same.

    What comes of it means what the new body means, but for the names of locals; where that cannot be had, it is the
    new body as it came.

    Args:
        old: the statements that the function has, indented.
        new: those that take their place.
        function: its stub.
        taken: names that the module binds.
    """
    header = _header_of(function)
    try:
        before, after = (_parse(f"{header}\n{text}") for text in (old, new))
        names = find_old_names(f"{header}\n{old}", before, f"{header}\n{new}", after, taken)
        for given in (names, {}) if names else ({},):
            merged = _merge(f"{header}\n{old}", before, rename(f"{header}\n{new}", given))
            if _means_the_same(merged, after, header, taken):
                return merged
    except (SpecError, RecursionError):
        # What cannot be read, or is nested too deeply, is taken as it comes.
        return new
    return new


def _merge(old: str, before: Function, new: str) -> str:
    pieces = read_pieces(old, before), read_pieces(new, _parse(new))
    return "\n".join(line.text for line in _merge_blocks(*pieces, pieces[0][0].indent))


def _merge_blocks(old: Sequence[Piece], new: Sequence[Piece], indent: str) -> Iterator[Line]:
    for before, piece in align(old, new):
        if before is None:
            yield from _shift((*piece.lead, *piece.lines), piece.indent, indent)
        elif before.key == piece.key:
            yield from _shift((*before.lead, *before.lines), before.indent, indent)
        else:
            yield from _merge_versions(before, piece, indent)


def _merge_versions(old: Piece, new: Piece, indent: str) -> Iterator[Line]:
    is_told_anew = any(line.text.strip() for line in new.lead)
    is_same_header = bool(new.clauses) and old.clauses[0].key == new.clauses[0].key
    above = new if is_told_anew and not is_same_header else old
    yield from _shift(above.lead, above.indent, indent)
    if not new.clauses:
        yield from _shift(new.lines, new.indent, indent)
    for before, clause in align(old.clauses, new.clauses):
        is_kept = before is not None and before.key == clause.key
        yield from _shift(
            before.lines if before and is_kept else clause.lines, (old if is_kept else new).indent, indent
        )
        step = _step_of(old, before) if before else _step_of(new, clause)
        yield from _merge_blocks(before.block if before else (), clause.block, indent + step)


def _step_of(piece: Piece, clause: Clause) -> str:
    """Return by how much the block of a clause is indented; of `match` there is none."""
    return clause.block[0].indent[len(piece.indent) :] if clause.block else ""


def _shift(lines: Sequence[Line], indent: str, wanted: str) -> Iterator[Line]:
    for line in lines:
        is_moved = not line.is_fixed and line.text.startswith(indent) and indent != wanted
        yield Line(wanted + line.text[len(indent) :], line.is_fixed) if is_moved else line


def _means_the_same(merged: str, wanted: Function, header: str, taken: frozenset[str]) -> bool:
    try:
        found = _parse(f"{header}\n{merged}")
    except SpecError:
        return False
    return _meaning(found, taken) == _meaning(wanted, taken)


def _meaning(function: Function, taken: frozenset[str]) -> bytes:
    return canonical_exact(function, renamable_locals(function, taken))


def _parse(code: str) -> Function:
    node = parse_source(code, "body").body[0]
    assert isinstance(node, Function)
    return node


def _header_of(function: Function) -> str:
    shell = copy.copy(function)
    shell.body, shell.decorator_list = [ast.Pass()], []
    return ast.unparse(shell).rpartition("\n")[0]
