"""The ways through a function's statements, and the ends that are reached without something done before."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence

_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
State = bool | None
"""Whether it is done at some place; None where no way leads there."""


class Ways:
    """Follows statements; `is_done` tells whether evaluating a node does what has to be done."""

    def __init__(self, is_done: Callable[[ast.AST], bool]) -> None:
        self._is_done = is_done
        self._ends: list[ast.stmt] = []

    def unpassed(self, statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
        """Yield each `return` and `raise` that may be reached without it, and the last statement if its end may be."""
        self._ends = []
        if self._follow(statements, False) is False:
            self._ends.append(statements[-1])
        yield from self._ends

    def _follow(self, statements: Iterable[ast.stmt], done: State) -> State:
        for statement in statements:
            if done is None:
                return None
            done = self._step(statement, done)
        return done

    def _step(self, statement: ast.stmt, done: bool) -> State:
        match statement:
            case ast.Return() | ast.Raise():
                if not (done or self._does_below(statement)):
                    self._ends.append(statement)
                return None
            case ast.Break() | ast.Continue():
                return None
            case ast.If(test=test, body=body, orelse=other):
                done = done or self._does(test)
                return _join([self._follow(body, done), self._follow(other, done)])
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(statement, done)
            case ast.Try() | ast.TryStar():
                return self._try(statement, done)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                return self._follow(body, done or any(map(self._does_below, items)))
            case ast.Match(subject=subject, cases=cases):
                done = done or self._does(subject)
                ways = [self._follow(case.body, done) for case in cases]
                return _join(ways if _takes_all(cases[-1]) else [*ways, done])
        return done or self._does(statement)

    def _loop(self, loop: ast.For | ast.AsyncFor | ast.While, done: bool) -> State:
        done = done or self._does(loop.test if isinstance(loop, ast.While) else loop.iter)
        self._follow(loop.body, done)
        if isinstance(loop, ast.While) and _is_endless(loop):
            return None
        # The body may not run at all, and a `break` passes the `else` by.
        return _join([self._follow(loop.orelse, done), done])

    def _try(self, tried: ast.Try | ast.TryStar, done: bool) -> State:
        begun = done or self._surely(tried.finalbody)
        body = self._follow((*tried.body, *tried.orelse), begun)
        after = _join([body, *(self._follow(handler.body, begun) for handler in tried.handlers)])
        last = self._follow(tried.finalbody, done if after is None else after)
        return None if after is None or last is None else after or last

    def _surely(self, statements: Sequence[ast.stmt]) -> bool:
        return Ways(self._is_done)._follow(statements, False) is True

    def _does(self, node: ast.AST) -> bool:
        """Tell whether evaluating a node does it, whatever the values are."""
        match node:
            case ast.IfExp(test=test, body=body, orelse=other):
                return self._does(test) or (self._does(body) and self._does(other))
            case ast.BoolOp(values=[first, *_]) | ast.Compare(left=first):
                return self._does(first)
        if isinstance(node, _LATER):
            return False
        if isinstance(node, _COMPREHENSIONS):
            return self._does(node.generators[0].iter)
        return self._is_done(node) or self._does_below(node)

    def _does_below(self, node: ast.AST) -> bool:
        return any(map(self._does, ast.iter_child_nodes(node)))


def _join(ways: Iterable[State]) -> State:
    reached = [way for way in ways if way is not None]
    return all(reached) if reached else None


def _takes_all(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def _is_endless(loop: ast.While) -> bool:
    return isinstance(loop.test, ast.Constant) and bool(loop.test.value) and not any(map(_breaks, loop.body))


def _breaks(node: ast.AST) -> bool:
    if isinstance(node, (*_LATER, *_LOOPS)):
        return False
    return isinstance(node, ast.Break) or any(map(_breaks, ast.iter_child_nodes(node)))
