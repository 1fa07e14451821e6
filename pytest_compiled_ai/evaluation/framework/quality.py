"""Quality of generated code: how long, how branched, how typed it is, and what a linter says."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_compiled_ai.evaluation.framework.lint import count_findings

_BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert)
_LAYOUT = (
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER
)  # fmt: skip
Callable = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Code quality of one body (arXiv:2604.05150, code quality).

    `lines` are those with code on them, docstring and comments left out; `complexity` is McCabe's cyclomatic number of
    the most branched function; `typed` is the share of parameters and returns with an annotation, 0 to 1; `findings`
    are the linter's (ruff, its default rules), None where there is no linter.
    """

    lines: int
    complexity: int
    typed: float
    findings: int | None = None


def measure_quality(function: str, *, linter: str | None = None) -> Quality:
    """Return the figures of a function's or a class's whole text.

    Args:
        function: its source.
        linter: ruff's path, or None.
    """
    tree = ast.parse(function)
    functions = [node for node in ast.walk(tree) if isinstance(node, Callable)]
    return Quality(
        lines=count_lines(function),
        complexity=max(map(measure_complexity, functions), default=1),
        typed=measure_typed(functions),
        findings=count_findings(function, linter) if linter else None,
    )


def count_lines(source: str) -> int:
    """Return how many lines have code on them; what comments, docstrings and blank lines are is not counted."""
    docstrings = {line for node in ast.walk(ast.parse(source)) for line in _docstring_lines(node)}
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _LAYOUT:
            found.update(range(token.start[0], token.end[0] + 1))
    return len(found - docstrings)


def measure_complexity(function: Callable) -> int:
    """Return McCabe's cyclomatic number: 1 + its decisions, those of functions within it included.

    A decision is a branch, a loop, a handler, an assert, each further operand of `and` and `or`, each `for` and `if` of
    a comprehension, and each case of a `match`.
    """
    return 1 + sum(map(_count_decisions, ast.walk(function)))


def measure_typed(functions: list[Callable]) -> float:
    """Return the share of parameters and returns with an annotation; `self` and `cls` need none."""
    places = [place for function in functions for place in _places(function)]
    return sum(places) / len(places) if places else 1.0


def _docstring_lines(node: ast.AST) -> range:
    if not isinstance(node, Callable | ast.ClassDef) or ast.get_docstring(node, clean=False) is None:
        return range(0)
    first = node.body[0]
    return range(first.lineno, (first.end_lineno or first.lineno) + 1)


def _count_decisions(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    if isinstance(node, ast.Match):
        return len(node.cases)
    return int(isinstance(node, _BRANCHES))


def _places(function: Callable) -> Iterator[bool]:
    given = function.args
    for number, argument in enumerate([*given.posonlyargs, *given.args, *given.kwonlyargs]):
        if number or argument.arg not in {"self", "cls"}:
            yield argument.annotation is not None
    for extra in filter(None, (given.vararg, given.kwarg)):
        yield extra.annotation is not None
    yield function.returns is not None
