"""Which names a piece of code takes from outside itself, and which it binds."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pytest_compiled_ai.specs.imports import Binding, bindings_of
from pytest_compiled_ai.specs.renames import name_field
from pytest_compiled_ai.specs.syntax import dotted_name
from pytest_compiled_ai.specs.walking import children_of

# Tuples: a union would be made anew, and looked through more slowly, at each of very many calls.
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_PLAIN = (ast.Name, ast.Constant)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_TYPE_PARAMETERS = frozenset({"TypeVar", "ParamSpec", "TypeVarTuple"})
_NOTHING: frozenset[str] = frozenset()
_BINDING = {
    *("Attribute", "Import", "ImportFrom", "Global", "Nonlocal", "arg", "ExceptHandler", "MatchAs", "MatchStar"),
    *("MatchMapping", "FunctionDef", "AsyncFunctionDef", "ClassDef", "TypeAlias", "Lambda", *_TYPE_PARAMETERS),
}
"""The nodes that do something to a scope, or make one, beside names and comprehensions."""


class Uses(NamedTuple):
    """What code needs from outside: `chains` are free names with the attributes read from them (`money.parse`).

    `bindings` are the imports made inside the code; the names that these bind are in `chains`, too. `calls` are all
    calls in it.
    """

    chains: frozenset[str]
    bindings: tuple[Binding, ...]
    calls: tuple[ast.Call, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The free names alone."""
        return frozenset(chain.partition(".")[0] for chain in self.chains)


class _Scope:
    """One scope: what it reads, binds and declares global, and the scopes inside it."""

    __slots__ = ("binds", "calls", "imports", "inner", "outer", "reads", "world")

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self.binds: set[str] = set()
        self.world: set[str] = set()
        self.outer: set[str] = set()
        self.imports: list[Binding] = []
        self.calls: list[ast.Call] = []
        self.inner: list[ast.AST] = []


def uses_of(*nodes: ast.AST) -> Uses:
    """Return what the nodes, read as module-level code, use beside what they bind in functions and comprehensions.

    String annotations are strings.
    """
    chains: set[str] = set()
    bindings: list[Binding] = []
    calls: list[ast.Call] = []
    pending: list[tuple[Iterable[ast.AST], frozenset[str], bool]] = [(nodes, _NOTHING, False)]
    while pending:
        parts, hidden, is_function = pending.pop()
        scope = _scan(parts)
        hidden -= scope.world
        below = hidden | (scope.binds - scope.world - scope.outer) if is_function else hidden
        chains |= {chain for chain in scope.reads | scope.world if chain.partition(".")[0] not in below}
        bindings += scope.imports
        calls += scope.calls
        pending += [
            (_parts_inside(node), below | _type_names(node), not isinstance(node, ast.ClassDef)) for node in scope.inner
        ]
    return Uses(chains=frozenset(chains), bindings=tuple(bindings), calls=tuple(calls))


def _type_names(node: ast.AST) -> frozenset[str]:
    return frozenset(parameter.name for parameter in getattr(node, "type_params", ()))


def bound_names(*nodes: ast.AST) -> frozenset[str]:
    """Return the names that the nodes bind in the scope where they stand, imports included."""
    if len(nodes) == 1 and isinstance(node := nodes[0], _DEFINITIONS) and _is_simple(node):
        return frozenset({node.name})
    scope = _scan(nodes)
    return frozenset(scope.binds | {binding.bound for binding in scope.imports})


def _is_simple(node: ast.AST) -> bool:
    # As nearly all of a file's definitions are.
    return all(isinstance(part, _PLAIN) for part in _parts_outside(node))


def _scan(nodes: Iterable[ast.AST]) -> _Scope:
    scope = _Scope()
    stack = list(nodes)
    while stack:
        node = stack.pop()
        kind: Any = type(node)
        if isinstance(node, ast.Name):
            (scope.reads if isinstance(node.ctx, ast.Load) else scope.binds).add(node.id)
        elif _is_plain(kind):
            if isinstance(node, ast.Call):
                scope.calls.append(node)
            stack += children_of(node)
        else:
            stack.extend(_enter(node, scope))
    return scope


@functools.cache
def _is_plain(kind: Any) -> bool:
    """Say whether nodes of a kind bind nothing themselves, and stand in the scope of what is below them."""
    return kind.__name__ not in _BINDING and not issubclass(kind, _COMPREHENSIONS)


def _enter(node: ast.AST, scope: _Scope) -> Iterable[ast.AST]:
    """Note what one node, no name, does to its scope; return the parts of it that belong to the same scope."""
    if isinstance(node, ast.Attribute) and (chain := dotted_name(node)):
        scope.reads.add(chain)
        return ()
    if isinstance(node, _IMPORTS):
        scope.imports += bindings_of(node)
        return ()
    if isinstance(node, ast.Global):
        scope.world |= set(node.names)
        return ()
    if isinstance(node, ast.Nonlocal):
        scope.outer |= set(node.names)
        return ()
    if isinstance(node, ast.arg):
        scope.binds.add(node.arg)
        return ()
    if (kept := name_field(node)) and (name := getattr(node, kept)):
        scope.binds.add(name)
    elif type(node).__name__ in _TYPE_PARAMETERS:
        scope.binds.add(getattr(node, "name"))  # noqa: B009 -- these classes are unknown to the oldest Python
    return _enter_scope(node, scope)


def _enter_scope(node: ast.AST, scope: _Scope) -> Iterable[ast.AST]:
    if isinstance(node, _DEFINITIONS):
        scope.binds.add(node.name)
    elif type(node).__name__ == "TypeAlias":
        scope.binds |= {item.id for item in ast.iter_child_nodes(node) if isinstance(item, ast.Name)}
    elif isinstance(node, _COMPREHENSIONS):
        walrus = (item.target.id for item in ast.walk(node) if isinstance(item, ast.NamedExpr))
        scope.binds.update(walrus)
    elif not isinstance(node, ast.Lambda):
        return children_of(node)
    scope.inner.append(node)
    return _parts_outside(node)


def _parts_outside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a scope-making node evaluates in the scope around it."""
    if isinstance(node, _COMPREHENSIONS):
        yield node.generators[0].iter
    elif isinstance(node, ast.Lambda):
        yield from defaults_of(node.args)
    elif isinstance(node, _DEFINITIONS):
        yield from node.decorator_list
        if not getattr(node, "type_params", None):
            yield from _signature(node)


def _parts_inside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a scope-making node evaluates, or binds, in its own scope."""
    yield from getattr(node, "type_params", ())
    if isinstance(node, _COMPREHENSIONS):
        first, *others = node.generators
        yield from (first.target, *first.ifs, *others)
        yield from (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    elif isinstance(node, ast.Lambda):
        yield from (*parameters_of(node.args), node.body)
    elif isinstance(node, _DEFINITIONS):
        if getattr(node, "type_params", None):
            yield from _signature(node)
        if not isinstance(node, ast.ClassDef):
            yield from parameters_of(node.args)
        yield from node.body
    else:
        yield getattr(node, "value")  # noqa: B009 -- a type alias: that class is unknown to the oldest Python


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[ast.AST]:
    if isinstance(node, ast.ClassDef):
        yield from (*node.bases, *node.keywords)
        return
    yield from defaults_of(node.args)
    yield from (item.annotation for item in parameters_of(node.args) if item.annotation)
    if node.returns:
        yield node.returns


def defaults_of(args: ast.arguments) -> Iterator[ast.expr]:
    """Yield the default values of a parameter list."""
    yield from args.defaults
    yield from (default for default in args.kw_defaults if default)


def parameters_of(args: ast.arguments) -> Iterator[ast.arg]:
    """Yield every parameter, the starred ones last."""
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    yield from (item for item in (args.vararg, args.kwarg) if item)
