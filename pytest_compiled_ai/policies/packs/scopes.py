"""Which function or comprehension of a body binds a name."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pytest_compiled_ai.specs.syntax import Function

Key = tuple[ast.AST | None, str]
"""A name with what binds it; None stands for the module and the builtins."""
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, *_COMPREHENSIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """The names of some functions with all that is inside them."""

    parents: Mapping[ast.AST, ast.AST]
    bound: Mapping[ast.AST, frozenset[str]]

    def key(self, name: str, node: ast.AST) -> Key:
        """Return what a name means at a node."""
        for scope in self.around(node):
            if name in self.bound.get(scope, ()):
                return scope, name
        return None, name

    def owner(self, node: ast.AST) -> ast.AST | None:
        """Return the function that a statement or an expression belongs to."""
        return next((scope for scope in self.around(node) if not isinstance(scope, _COMPREHENSIONS)), None)

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the functions, classes and comprehensions that a node is inside of, from the inner to the outer."""
        child, scope = node, self.parents.get(node)
        while scope is not None:
            # A default and a decorator are worked out outside of the function.
            if isinstance(scope, _SCOPES) and not _is_outside(child, scope):
                yield scope
            child, scope = scope, self.parents.get(scope)


def read_scopes(functions: Iterable[Function], nodes: Iterable[ast.AST], parents: Mapping[ast.AST, ast.AST]) -> Scopes:
    """Return the scopes of functions; `nodes` are all below them that a model wrote."""
    bare = Scopes(parents=parents, bound={})
    bound: dict[ast.AST, set[str]] = {function: {arg.arg for arg in arguments(function)} for function in functions}
    nodes = tuple(nodes)
    for node in nodes:
        if isinstance(node, Function | ast.Lambda):
            bound.setdefault(node, set()).update(arg.arg for arg in arguments(node))
        for name in _bound_by(node):
            for scope in _binders(node, bare):
                bound.setdefault(scope, set()).add(name)
    for node in nodes:
        if isinstance(node, ast.Nonlocal):
            for scope in _binders(node, bare):
                bound.get(scope, set()).difference_update(node.names)
    return Scopes(parents=parents, bound={scope: frozenset(names) for scope, names in bound.items()})


def arguments(function: Function | ast.Lambda) -> tuple[ast.arg, ...]:
    """Return the parameters of a function in order, with `*args` and `**kwargs`."""
    spelled = function.args
    stars = [star for star in (spelled.vararg, spelled.kwarg) if star]
    return (*spelled.posonlyargs, *spelled.args, *spelled.kwonlyargs, *stars)


def _binders(node: ast.AST, scopes: Scopes) -> Iterator[ast.AST]:
    """Yield the scope that a binding at a node counts in: a `:=` in a comprehension counts outside of it."""
    is_walrus = isinstance(scopes.parents.get(node), ast.NamedExpr)
    scopes_around = (s for s in scopes.around(node) if not (is_walrus and isinstance(s, _COMPREHENSIONS)))
    yield from itertools.islice(scopes_around, 1)


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)


def _is_outside(child: ast.AST, scope: ast.AST) -> bool:
    if isinstance(scope, ast.ClassDef):
        return child not in scope.body
    if isinstance(scope, ast.Lambda):
        return child is scope.args
    return isinstance(scope, Function) and child not in scope.body
