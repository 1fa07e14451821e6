"""Failures are shown: none is swallowed, and none is hidden behind a value that looks like a result."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.calls import read_calls
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.sinks import says_out
from pytest_compiled_ai.policies.rules.finding import Finding

BROAD, HIDDEN = "broad-except", "hidden-failure"
_BROAD = frozenset({"Exception", "BaseException", "ExceptionGroup", "BaseExceptionGroup"})


def _check_broad(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    for node in reading.nodes:
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type, reading) and not _raises(node.body):
            what, instead = "`except` takes every exception, and ends it", "name the exceptions that you expect"
            yield Finding(rule=BROAD, what=what, instead=instead, line=node.lineno)
        elif isinstance(node, ast.Call) and _suppresses(node, reading) and _is_broad(ast.Tuple(node.args), reading):
            what = "`suppress` takes every exception"
            yield Finding(rule=BROAD, what=what, instead="leave it out", line=node.lineno)


def _is_broad(kind: ast.expr | None, reading: Reading) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_is_broad(item, reading) for item in kind.elts)
    return kind is None or bool(read_calls(reading).origins(kind) & _BROAD)


def _check_hidden(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    for node in reading.nodes:
        if isinstance(node, ast.ExceptHandler) and not _raises(node.body) and not _is_said(node, reading):
            what = "the handler hides that something failed"
            instead = "raise in it, or call `audit` before you go on"
            yield Finding(rule=HIDDEN, what=what, instead=instead, line=node.lineno)
        elif isinstance(node, ast.Call) and _suppresses(node, reading):
            yield Finding(rule=HIDDEN, what="`suppress` hides failures", instead="leave it out", line=node.lineno)


def _suppresses(call: ast.Call, reading: Reading) -> bool:
    return "contextlib.suppress" in read_calls(reading).origins(call.func)


def _raises(body: list[ast.stmt]) -> bool:
    """Tell whether statements end in `raise`, on every way."""
    last = body[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and _raises(last.body) and _raises(last.orelse)
    return isinstance(last, ast.Raise)


def _is_said(handler: ast.ExceptHandler, reading: Reading) -> bool:
    calls = [s.value for s in handler.body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    return any(says_out(name) for call in calls for name in read_calls(reading).origins(call.func))


BROAD_EXCEPT = PackRule(
    name=BROAD,
    explain="A handler of `Exception` ends in `raise`; nothing suppresses every exception.",
    check=_check_broad,
)
HIDDEN_FAILURE = PackRule(
    name=HIDDEN,
    explain="A handler raises or says what happened: it does not go on with a default as if nothing had failed.",
    check=_check_hidden,
)
