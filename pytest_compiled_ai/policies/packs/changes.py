"""State: a body changes nothing that is not its own, neither its arguments nor what outlives the call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.attributes import MUTATORS
from pytest_compiled_ai.policies.packs.base import PackRule
from pytest_compiled_ai.policies.packs.reading import Reading, read_body
from pytest_compiled_ai.policies.packs.sinks import is_outlet
from pytest_compiled_ai.policies.rules.finding import Finding
from pytest_compiled_ai.policies.sharing import find_shared, root_of

NAME = "no-changes"
_INSTEAD = "work on a copy, and return it"
_OWN = frozenset({"self", "cls"})
_COPIERS = frozenset({"bytearray", "copy", "deepcopy", "defaultdict", "deque", "dict", "list", "set", "sorted"})
_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Constant)


def _check(candidate: Candidate, subject: Subject) -> Iterator[Finding]:
    reading = read_body(candidate, subject)
    given = {argument.arg for _, argument in reading.parameters() if not is_outlet(argument)} - _OWN
    shared = find_shared(reading.nodes, given | set(subject.constants))
    for node in reading.nodes:
        changed = _changed(node, reading, shared)
        if changed and not _is_copied_before(node, root_of(changed), reading):
            what = f"`{ast.unparse(changed)}` is changed, and is not the body's own"
            yield Finding(rule=NAME, what=what, instead=_INSTEAD, line=getattr(node, "lineno", 0))
        elif isinstance(node, ast.Global):
            what = f"`global {', '.join(node.names)}` keeps state between calls"
            yield Finding(rule=NAME, what=what, instead="use local variables", line=node.lineno)


def _is_copied_before(node: ast.AST, name: str | None, reading: Reading) -> bool:
    """Tell whether a name was bound to a new object by a statement that always ran before: `rows = list(rows)`."""
    above = reading.parent(node)
    while above is not None:
        for block in ("body", "orelse", "handlers", "finalbody"):
            statements = getattr(above, block, None)
            if isinstance(statements, list) and node in statements:
                earlier = statements[: statements.index(node)]
                if any(_copies(statement, name) for statement in earlier):
                    return True
        node, above = above, reading.parent(above)
    return False


def _copies(statement: ast.stmt, name: str | None) -> bool:
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    value = statement.value
    makes = isinstance(value, _DISPLAYS)
    if isinstance(value, ast.Call):
        called = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        makes = called in _COPIERS
    return makes and any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _changed(node: ast.AST, reading: Reading, shared: frozenset[str]) -> ast.expr | None:
    """Return what a node changes that came from outside, None where it changes nothing or what is the body's own."""
    match node:
        case ast.Attribute(value=value) | ast.Subscript(value=value) if not isinstance(node.ctx, ast.Load):
            return value if root_of(value) in shared else None
        case ast.AugAssign(target=ast.Name() as target, value=value) if _is_container(target, reading):
            return target
        case ast.Call(func=ast.Attribute(value=receiver, attr=name)) if name in MUTATORS:
            if root_of(receiver) in shared:
                return receiver
            return _first(node, shared) if isinstance(receiver, ast.Name) and receiver.id in reading.imports else None
        case ast.Call(func=ast.Name(id=name)) if name in MUTATORS | {"setattr", "delattr"}:
            return _first(node, shared)
    return None


def _first(call: ast.Call, shared: frozenset[str]) -> ast.expr | None:
    return call.args[0] if call.args and root_of(call.args[0]) in shared else None


def _is_container(target: ast.Name, reading: Reading) -> bool:
    """Tell whether `+=` would grow a parameter in place: a number or a text is bound anew."""
    for (_, name), argument in reading.parameters():
        if name == target.id and argument.annotation is not None:
            written = ast.unparse(argument.annotation)
            return written.startswith(("list", "dict", "set", "bytearray", "deque", "Counter", "Mutable"))
    return False


NO_CHANGES = PackRule(
    name=NAME, explain="No argument is changed in place, no constant, and nothing that outlives the call.", check=_check
)
