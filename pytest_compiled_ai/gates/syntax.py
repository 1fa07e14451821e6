"""The syntax stage's first check: a body is whole."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.own import own_functions, own_tokens

_ELISION = re.compile(
    r"#\s*(\.\.\.|todo|fixme|rest of|remaining|your code|implement|implementation|add (your|code)|"
    r"same as (before|above)|existing code|placeholder|omitted|unchanged)",
    re.I,
)


class Elision:
    """Refuses a body that leaves its work out: `...`, a lone `pass`, "rest of the code"."""

    name = "elision"
    stage = Stage.SYNTAX

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look for statements that stand for missing code, and for comments that say so."""
        missing = next((part for node in own_functions(candidate) for part in _missing_parts(node)), None)
        if missing:
            return failing(self, f"the body is not whole: {missing}. Write every line of it.")
        for token in own_tokens(candidate):
            if token.type == tokenize.COMMENT and _ELISION.match(token.string):
                return failing(
                    self, f"the comment {token.string!r} stands for missing code. Write every line of the body."
                )
        return passing(self)


def _missing_parts(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if all(isinstance(node, ast.Pass) for node in body):
        yield "nothing stands in it" if not body else "`pass` is all there is"
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...:
            yield "`...` stands for missing code"
        if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in ast.unparse(node.exc):
            yield "it raises NotImplementedError"
