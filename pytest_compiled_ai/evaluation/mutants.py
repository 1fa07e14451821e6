"""Mutants: a function with one small change each, that a test should notice."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pytest_compiled_ai.evaluation.edits import (
    Edit,
    drop_sign,
    swap_arithmetic,
    swap_assignment,
    swap_comparisons,
    swap_logic,
)
from pytest_compiled_ai.evaluation.flow import (
    delete_statement,
    drop_from_call,
    force_condition,
    force_filters,
    swap_jump,
)
from pytest_compiled_ai.evaluation.text import SourceText
from pytest_compiled_ai.evaluation.values import blank_results, change_constant, drop_bounds, empty_text
from pytest_compiled_ai.specs.model import SpecLineError
from pytest_compiled_ai.specs.syntax import dotted_name, parse_source

_Operator = Callable[[Any, SourceText], Iterator[Edit]]
_OPERATORS: Mapping[type[ast.AST], tuple[_Operator, ...]] = {
    ast.Assign: (delete_statement,),
    ast.AsyncFunctionDef: (blank_results,),
    ast.AugAssign: (swap_assignment, delete_statement),
    ast.BinOp: (swap_arithmetic,),
    ast.BoolOp: (swap_logic,),
    ast.Break: (swap_jump,),
    ast.Call: (drop_from_call,),
    ast.Compare: (swap_comparisons,),
    ast.Constant: (change_constant,),
    ast.Continue: (swap_jump,),
    ast.Delete: (delete_statement,),
    ast.Expr: (delete_statement,),
    ast.FunctionDef: (blank_results,),
    ast.If: (force_condition,),
    ast.IfExp: (force_condition,),
    ast.JoinedStr: (empty_text,),
    ast.Slice: (drop_bounds,),
    ast.UnaryOp: (drop_sign,),
    ast.While: (force_condition,),
    ast.comprehension: (force_filters,),
}
_SKIPPED = frozenset({"annotation", "decorator_list", "msg", "returns", "type_params"})
"""Fields of nodes that a call of the function does not come to, or that only speak to people."""
_SHOWN = 60
"""Characters of a piece that are shown to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A function with one change in it, at a line of it counted from 1: what stood there, and what stands there now."""

    line: int
    before: str
    after: str
    source: str
    operator: str

    def __str__(self) -> str:
        change = f"changed to `{_shorten(self.after)}`" if self.after else "removed"
        return f"`{_shorten(self.before)}` {change}"


def make_mutants(
    function_source: str, owns: Callable[[int], bool] | None = None, limit: int | None = None, seed: int = 0
) -> list[Mutant]:
    """Return mutants of a function in the order of their places, no two of the same meaning.

    Docstrings, annotations and the texts of errors stay as they are.

    Args:
        function_source: the whole function or class; comments and layout are kept.
        owns: tells whether a line, from 1, may be changed; all may where it is None.
        limit: how many at most; fewer are spread over the function, and `seed` says which.
        seed: any number; the same one gives the same mutants.

    Raises:
        SpecLineError: the source does not parse.
    """
    source = SourceText(function_source)
    found = {
        found for node in _nodes(source.tree) for make in _OPERATORS.get(type(node), ()) for found in make(node, source)
    }
    ordered = sorted(found, key=lambda found: (found.span, found.text, found.operator))
    owned = [found for found in ordered if owns is None or owns(_line_of(found, source))]
    return _choose(list(_apply(owned, source)), limit, seed)


def _nodes(node: ast.AST, *, is_said: bool = False) -> Iterator[ast.AST]:
    """Yield what may be changed; `is_said` within an error that is raised, whose texts speak to people."""
    if isinstance(node, ast.If) and (dotted_name(node.test) or "").endswith("TYPE_CHECKING"):
        return
    is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    if not (is_said and is_text):
        yield node
    for child in _children(node):
        yield from _nodes(child, is_said=is_said or isinstance(node, ast.Raise))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        # A docstring; what stands in a formatted text, whose places were wrong before Python 3.12.
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr():
            return
        case ast.Call(func=ast.Name(id="cast"), args=[_, value]):
            yield value
        case _:
            for name, value in ast.iter_fields(node):
                items = value if isinstance(value, list) else [value]
                yield from (item for item in items if isinstance(item, ast.AST) and name not in _SKIPPED)


def _apply(edits: Sequence[Edit], source: SourceText) -> Iterator[Mutant]:
    """Yield what is left of the changes when they are made: what parses, and means what no other does."""
    seen = {ast.dump(source.tree)}
    for found in edits:
        mutant = _change(found, source)
        try:
            meaning = ast.dump(parse_source(mutant.source, "mutant"))
        except SpecLineError:
            continue
        if meaning not in seen:
            seen.add(meaning)
            yield mutant


def _change(found: Edit, source: SourceText) -> Mutant:
    text, (start, end) = source.text, found.span
    # A long piece would be cut short before the place at which it changes.
    shown = found.shown if found.shown.end - found.shown.start + len(found.text) <= _SHOWN else found.span
    return Mutant(
        line=_line_of(found, source),
        before=text[shown.start : shown.end],
        after=text[shown.start : start] + found.text + text[end : shown.end],
        source=text[:start] + found.text + text[end:],
        operator=found.operator,
    )


def _choose(mutants: list[Mutant], limit: int | None, seed: int) -> list[Mutant]:
    """Return at most so many mutants: one of each of as many stretches of the function, all about as long."""
    if limit is None or len(mutants) <= limit:
        return mutants
    edges = [number * len(mutants) // max(1, limit) for number in range(limit + 1)]
    return [mutants[first + seed % (last - first)] for first, last in pairwise(edges)]


def _line_of(found: Edit, source: SourceText) -> int:
    return source.text.count("\n", 0, found.span.start) + 1


def _shorten(piece: str) -> str:
    line = " ".join(piece.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
