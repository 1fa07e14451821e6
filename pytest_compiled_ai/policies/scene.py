"""A body with what its names stand for: the ground that the rules look at."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pytest_compiled_ai.artifacts.module import Definition, Import, names_used, read_imports
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.gates.own import own_body, own_functions
from pytest_compiled_ai.policies.policy import Policy
from pytest_compiled_ai.policies.sharing import find_shared, is_mutable_text
from pytest_compiled_ai.specs.stub import signature_of
from pytest_compiled_ai.specs.syntax import Function

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
    functions = tuple(own_functions(candidate))
    bodies = [(function, tuple(own_body(function, candidate))) for function in functions]
    statements = tuple(statement for _, body in bodies for statement in body)
    nodes, parents = _spread(statements, {statement: function for function, body in bodies for statement in body})
    inner = [item for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for item in read_imports(node)]
    stubs = {stub.name for stub in subject.file.stubs}
    outside = {item.bound for item in (*subject.imports, *candidate.imports)} | set(subject.constants)
    outer = _outer_names(candidate.function, candidate.node, functions)
    mutable = {name for name, text in subject.constants.items() if is_mutable_text(text)} & outer
    containers = mutable.union(*map(_mutable_defaults, functions))
    signature = names_used(signature_of(subject.stub))
    kept = (outside | stubs) & outer | {item.bound for item in inner} | containers | _class_parameters(functions)
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
        shared=find_shared(nodes, kept),
        containers=find_shared(nodes, containers),
        private=frozenset(_own_private_names((*nodes, *_class_nodes(candidate.node)))),
    )


def _spread(
    statements: Iterable[ast.stmt], parents: dict[ast.AST, ast.AST]
) -> tuple[tuple[ast.AST, ...], Mapping[ast.AST, ast.AST]]:
    nodes: list[ast.AST] = list(statements)
    for node in nodes:
        for child in ast.iter_child_nodes(node):
            parents[child] = node
            nodes.append(child)
    return tuple(nodes), parents


def _outer_names(source: str, node: Definition, functions: Iterable[Function]) -> frozenset[str]:
    tables = _children(symtable.symtable(source, "body", "exec"), {node.name})
    if isinstance(node, ast.ClassDef):
        names = {function.name for function in functions}
        tables = [inner for table in tables for inner in _children(table, names)]
    found: set[str] = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        is_class = table.get_type() == "class"
        for symbol in table.get_symbols():
            # Of a function named `top`, symtable takes every local for a global.
            is_outer = symbol.is_global() and not symbol.is_local()
            # A class body looks outside for a name that it has not bound yet.
            if is_outer or (is_class and symbol.is_referenced() and symbol.get_name() in BUILTINS):
                found.add(symbol.get_name())
    return frozenset(found)


def _children(table: symtable.SymbolTable, names: Container[str]) -> list[symtable.SymbolTable]:
    return [inner for inner in table.get_children() if inner.get_name() in names]


def _class_nodes(node: Definition) -> Iterable[ast.AST]:
    """Return what a class's own lines hold beside the bodies: its private names are for its methods."""
    return ast.walk(node) if isinstance(node, ast.ClassDef) else ()


def _class_parameters(functions: Iterable[Function]) -> set[str]:
    """Return the names of the class itself in its class methods: what is kept there outlives every instance."""
    return {
        function.args.args[0].arg
        for function in functions
        if function.args.args and "classmethod" in map(ast.unparse, function.decorator_list)
    }


def _by_name(imports: Iterable[Import]) -> Mapping[str, tuple[Import, ...]]:
    found: dict[str, tuple[Import, ...]] = {}
    for item in imports:
        found[item.bound] = (*found.get(item.bound, ()), item)
    return found


def _mutable_defaults(function: Function) -> set[str]:
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
