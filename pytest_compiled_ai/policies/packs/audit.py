"""An audit record on each decision: no way out of the function without one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.scopes import arguments
from pytest_compiled_ai.policies.packs.ways import Ways
from pytest_compiled_ai.policies.rules.finding import Finding
from pytest_compiled_ai.policies.sharing import root_of
from pytest_compiled_ai.specs.syntax import Function

NAME, AUDIT = "audit-record", "audit"
_INSTEAD = 'call `audit("what was decided")` before it'


def demand_audit(subject: Subject) -> str | None:
    """Refuse a spec whose body has nothing to leave a record with."""
    if any(item.bound == AUDIT for item in subject.imports):
        return None
    for function in subject.stub.functions:
        if AUDIT not in {argument.arg for argument in arguments(function)}:
            return (
                "has nothing to leave an audit record with; add a parameter `audit: Callable[[str], None]` to "
                f"{function.name}, or import a function under the name `audit`"
            )
    return None


def _check(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    yield from _check_name(reading.nodes)
    ways = Ways(lambda node: _is_record(node, reading))
    for function in reading.functions:
        for node in ways.unpassed(reading.statements[function]):
            kind = {ast.Return: "`return`", ast.Raise: "`raise`"}.get(type(node), "the end")
            what = f"{kind} is reached with no audit record"
            yield Finding(rule=NAME, what=what, instead=_INSTEAD, line=getattr(node, "end_lineno", 0))


def _check_name(nodes: Sequence[ast.AST]) -> Iterator[Finding]:
    """Refuse another meaning of the name, which could make a record nobody sees."""
    for node in nodes:
        if AUDIT in _bound_by(node):
            yield Finding(
                rule=NAME, what="`audit` is given another meaning", instead="call it as it is", line=_line_of(node)
            )


def _bound_by(node: ast.AST) -> Iterable[str | None]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            return (name,)
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            return (root_of(node),)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
            return (name,)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name for alias in names]
    return ()


def _line_of(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _is_record(node: ast.AST, reading: Reading) -> bool:
    """Tell whether a node leaves a record: a call of `audit` that says something, or of a helper that always does."""
    if not isinstance(node, ast.Call):
        return False
    if root_of(node.func) == AUDIT:
        return bool(node.args or node.keywords)
    helpers = reading.local.get(reading.key(node.func), ()) if isinstance(node.func, ast.Name) else ()
    return bool(helpers) and all(map(_always_records, helpers))


def _always_records(helper: ast.AST) -> bool:
    if not isinstance(helper, Function):
        return False
    # A helper counts for itself only: one that calls another is looked at no further.
    ways = Ways(lambda node: isinstance(node, ast.Call) and root_of(node.func) == AUDIT and bool(node.args))
    return not any(True for _ in ways.unpassed(helper.body))


AUDIT_RECORD = PackRule(
    name=NAME, explain="Every `return` and `raise` comes after a call of `audit`, on every way to it.", check=_check
)
