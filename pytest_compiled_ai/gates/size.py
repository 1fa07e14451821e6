"""Nothing too big to review: how long, how deep and how branched a body may be."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterable, Mapping

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.own import own_body, own_functions, own_tokens
from pytest_compiled_ai.policies.policy import Policy
from pytest_compiled_ai.specs.syntax import Function

_BLOCKS = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match,
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
)  # fmt: skip
_WHAT = ("lines of code", "statements", "blocks inside blocks", "ways through it")
_PARTS = ("body", "handlers", "cases", "finalbody", "orelse")
_WAYS = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.comprehension, ast.match_case
)  # fmt: skip
_BLANK = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


class Size:
    """Refuses a body beyond the policy's limits."""

    name = "size"
    stage = Stage.SYNTAX

    def __init__(self, policy: Policy) -> None:
        limits = (policy.max_lines, policy.max_statements, policy.max_nesting, policy.max_complexity)
        self._limits = dict(zip(_WHAT, limits, strict=True))

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Measure the candidate's own lines."""
        measured = measure(candidate)
        for what, limit in self._limits.items():
            if measured[what] > limit:
                told = f"the body has {measured[what]} {what}, and {limit} are the limit"
                return failing(self, f"{told}; write it shorter, with a loop or a table.")
        return passing(self, **{what.replace(" ", "_"): str(value) for what, value in measured.items()})


def measure(candidate: Candidate) -> Mapping[str, int]:
    """Return the figures of a body: lines that hold code, statements, depth of blocks, and McCabe's complexity.

    Of a class, each figure is that of the method which has most of it.
    """
    tokens = [token for token in own_tokens(candidate) if token.type not in _BLANK]
    code = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    bodies = [(function, list(own_body(function, candidate))) for function in own_functions(candidate)]
    measured = [_measure_one(function, body, code) for function, body in bodies]
    return {what: max((figures[what] for figures in measured), default=0) for what in _WHAT}


def _measure_one(function: Function, body: list[ast.stmt], code: set[int]) -> Mapping[str, int]:
    nodes = [node for statement in body for node in ast.walk(statement)]
    own = code.intersection(range(function.lineno, (function.end_lineno or 0) + 1))
    statements = sum(isinstance(node, ast.stmt) for node in nodes)
    return dict(zip(_WHAT, (len(own), statements, _depth(body), 1 + sum(map(_ways, nodes))), strict=True))


def _ways(node: ast.AST) -> int:
    return len(node.values) - 1 if isinstance(node, ast.BoolOp) else isinstance(node, _WAYS)


def _depth(statements: Iterable[ast.AST]) -> int:
    return max((_depth_of(node) for node in statements), default=0)


def _depth_of(node: ast.AST) -> int:
    own = isinstance(node, _BLOCKS)
    inner = [part for field in _PARTS for part in getattr(node, field, ())]
    # `elif` is an `if` inside an `else`, and reads as none.
    is_chain = isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
    chained = [inner.pop()] if is_chain else []
    return max(own + _depth(inner), _depth(chained))
