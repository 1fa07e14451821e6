"""Nothing of what a function is given goes into the message of an exception, nor along with one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.sources import all_values
from pytest_compiled_ai.policies.packs.taint import Taint
from pytest_compiled_ai.policies.rules.finding import Finding
from pytest_compiled_ai.specs.syntax import Function

NAME = "values-in-exceptions"
_CARRIERS = frozenset({"add_note", "set_exception", "throw"})
_FIXED = "raise it with fixed words, and no value in them"
_ALONE = 'write `raise ...("fixed words") from None`'


def find_raised(
    candidate: Candidate, subject: Subject, rule: str, sources: Callable[[Reading], Taint], what: str
) -> Iterator[Finding]:
    """Yield where what `sources` looks for leaves with an exception; `what` names it."""
    reading = read_body(candidate, subject)
    taint = sources(reading)
    for node in reading.nodes:
        if isinstance(node, ast.Raise):
            told = _raised(node, taint, what)
        elif isinstance(node, ast.Assert) and node.msg is not None and taint.carries(node.msg):
            told = f"`assert` says {what}", _FIXED
        elif _is_noted(node, taint):
            told = f"an exception is given {what}", _FIXED
        else:
            continue
        if told:
            yield Finding(rule=rule, what=told[0], instead=told[1], line=getattr(node, "lineno", 0))


def _raised(node: ast.Raise, taint: Taint, what: str) -> tuple[str, str] | None:
    if node.exc is not None and taint.carries(node.exc):
        return f"the exception's message has {what}", _FIXED
    if node.cause is not None:
        return (f"`from` brings along {what}", _ALONE) if taint.carries(node.cause) else None
    handler = _handler_of(node, taint.reading)
    if handler is not None and _tries_with(handler, taint):
        return f"the exception that was caught goes along, and its message may have {what}", _ALONE
    return None


def _handler_of(node: ast.AST, reading: Reading) -> ast.ExceptHandler | None:
    above = reading.parent(node)
    while above is not None and not isinstance(above, ast.ExceptHandler | Function | ast.Lambda):
        above = reading.parent(above)
    return above if isinstance(above, ast.ExceptHandler) else None


def _tries_with(handler: ast.ExceptHandler, taint: Taint) -> bool:
    tried = taint.reading.parent(handler)
    assert isinstance(tried, ast.Try | ast.TryStar)
    loads = [node for statement in tried.body for node in ast.walk(statement) if isinstance(node, ast.expr)]
    return any(map(taint.carries, loads))


def _is_noted(node: ast.AST, taint: Taint) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CARRIERS):
        return False
    return any(map(taint.carries, (*node.args, *(keyword.value for keyword in node.keywords))))


def _check(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    return find_raised(candidate, subject, NAME, all_values, "the value of a parameter")


VALUES_IN_EXCEPTIONS = PackRule(
    name=NAME,
    explain="No value of a parameter is in the message of an exception, in its cause, or in one that goes along.",
    check=_check,
)
