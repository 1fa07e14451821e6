"""A body with what its names stand for: the ground that the rules look at."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pytest_compiled_ai.artifacts.module import Import, names_used, read_imports
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.policies.policy import Policy
from pytest_compiled_ai.policies.sharing import find_shared, is_mutable_text

BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One candidate, read for the rules.

    `outer` are the names that it takes from outside its function, `known` those of them that the artifact defines.
    `imports` are all that its names may have been imported from, `brought` those that it wrote itself at the top, and
    `given` those that the spec's own header needs. `shared` are the names of objects that outlive a call.
    """

    policy: Policy
    statements: tuple[ast.stmt, ...]
    nodes: tuple[ast.AST, ...]
    parents: Mapping[ast.AST, ast.AST]
    outer: frozenset[str]
    known: frozenset[str]
    given: frozenset[Import]
    imports: Mapping[str, tuple[Import, ...]]
    brought: tuple[Import, ...]
    shared: frozenset[str]
    containers: frozenset[str]
    private: frozenset[str]


def read_scene(candidate: Candidate, subject: Subject, policy: Policy) -> Scene:
    """Return the scene of one candidate under a policy."""
    function = candidate.node
    statements = tuple(node for node in function.body if node.lineno > candidate.header_lines)
    nodes, parents = _spread(function, statements)
    inner = [item for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for item in read_imports(node)]
    stubs = {stub.name for stub in subject.file.stubs}
    outside = {item.bound for item in (*subject.imports, *candidate.imports)} | set(subject.constants)
    outer = _outer_names(candidate.function, function.name)
    mutable = {name for name, text in subject.constants.items() if is_mutable_text(text)} & outer
    containers = mutable | _mutable_defaults(function)
    signature = names_used(ast.parse(subject.stub.header + "\n    pass"))
    return Scene(
        policy=policy.widened(subject.stub.options.imports),
        statements=statements,
        nodes=nodes,
        parents=parents,
        outer=outer,
        known=frozenset(outside | stubs),
        given=frozenset(item for item in subject.imports if item.bound in signature),
        imports=_by_name((*subject.imports, *candidate.imports, *inner)),
        brought=candidate.imports,
        shared=find_shared(nodes, (outside | stubs) & outer | {item.bound for item in inner} | containers),
        containers=find_shared(nodes, containers),
        private=frozenset(_own_private_names(nodes)),
    )


def _spread(function: ast.AST, statements: Iterable[ast.stmt]) -> tuple[tuple[ast.AST, ...], Mapping[ast.AST, ast.AST]]:
    nodes: list[ast.AST] = list(statements)
    parents: dict[ast.AST, ast.AST] = dict.fromkeys(nodes, function)
    for node in nodes:
        for child in ast.iter_child_nodes(node):
            parents[child] = node
            nodes.append(child)
    return tuple(nodes), parents


def _outer_names(source: str, name: str) -> frozenset[str]:
    tables = [t for t in symtable.symtable(source, "body", "exec").get_children() if t.get_name() == name]
    found: set[str] = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        is_class = table.get_type() == "class"
        for symbol in table.get_symbols():
            # A class body looks outside for a name that it has not bound yet.
            if symbol.is_global() or (is_class and symbol.is_referenced() and symbol.get_name() in BUILTINS):
                found.add(symbol.get_name())
    return frozenset(found)


def _by_name(imports: Iterable[Import]) -> Mapping[str, tuple[Import, ...]]:
    found: dict[str, tuple[Import, ...]] = {}
    for item in imports:
        found[item.bound] = (*found.get(item.bound, ()), item)
    return found


def _mutable_defaults(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    spelled = function.args
    positional = [*spelled.posonlyargs, *spelled.args]
    pairs = [*zip(reversed(positional), reversed(spelled.defaults), strict=False)]
    pairs += [(arg, value) for arg, value in zip(spelled.kwonlyargs, spelled.kw_defaults, strict=True) if value]
    return {arg.arg for arg, value in pairs if is_mutable_text(f"x = {ast.unparse(value)}")}


def _own_private_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_own_object(node.value):
            yield node.attr


def _is_own_object(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"self", "cls"}
