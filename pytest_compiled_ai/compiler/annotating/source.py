"""The text of a function beside its tree: where a node stands, who binds a name, and edits of the text."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pytest_compiled_ai.specs.scopes import bound_names
from pytest_compiled_ai.specs.syntax import Function

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Edit(NamedTuple):
    """Text that takes the place of the bytes from `start` to `end`."""

    start: int
    end: int
    text: str


class Source:
    """A definition as text and as tree; nodes in an f-string count for none: older parsers place them wrongly."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self.data = text.encode()
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line.encode()) + 1)
        self._parents: dict[ast.AST, ast.AST] = {}
        self.nodes = list(self._walk())
        self._bound: dict[ast.AST, frozenset[str]] = {}

    def _walk(self) -> Iterator[ast.AST]:
        """Yield the nodes in the order of the text."""
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            yield (node := waiting.pop())
            children = [] if isinstance(node, ast.JoinedStr) else list(ast.iter_child_nodes(node))
            self._parents.update(dict.fromkeys(children, node))
            waiting += reversed(children)

    def parent(self, node: ast.AST) -> ast.AST:
        """Return the node around a node."""
        return self._parents[node]

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, the nearest first."""
        while node in self._parents:
            node = self._parents[node]
            yield node

    def function_of(self, node: ast.AST) -> Function | None:
        """Return the function that a node stands in, None where it is a method's class that comes first."""
        found = next((each for each in self.above(node) if isinstance(each, Function | ast.ClassDef)), None)
        return found if isinstance(found, Function) else None

    def span(self, node: ast.expr | ast.stmt | ast.arg) -> tuple[int, int]:
        """Return the bytes that a node takes."""
        return self._starts[node.lineno - 1] + node.col_offset, self.end(node)

    def end(self, node: ast.expr | ast.stmt | ast.arg) -> int:
        """Return the byte behind a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """Return the text of a node."""
        start, end = self.span(node)
        return self.data[start:end].decode()

    def line_at(self, position: int) -> tuple[int, int]:
        """Return where the line of a byte starts and ends, without its line end."""
        start = max(each for each in self._starts if each <= position)
        end = self.data.find(b"\n", position)
        return start, end if end >= 0 else len(self.data)

    def owner(self, name: ast.Name) -> ast.AST | None:
        """Return the function, lambda or comprehension that binds a name, None where it comes from outside."""
        return next((each for each in self.above(name) if name.id in self.bound(each)), None)

    def bound(self, scope: ast.AST) -> frozenset[str]:
        """Return the names that a scope binds; nothing for a node that is none."""
        if scope not in self._bound:
            self._bound[scope] = self._bind(scope)
        return self._bound[scope]

    def _bind(self, scope: ast.AST) -> frozenset[str]:
        if isinstance(scope, Function):
            return bound_names(*_parameters(scope.args), *scope.body) - self.declared(scope)
        if isinstance(scope, ast.Lambda):
            return bound_names(*_parameters(scope.args))
        if isinstance(scope, _COMPREHENSIONS):
            return bound_names(*(each.target for each in scope.generators))
        return frozenset()

    def declared(self, scope: Function) -> frozenset[str]:
        """Return the names that a function declares to be bound elsewhere."""
        kinds = ast.Nonlocal | ast.Global
        found = [node for node in self.nodes if isinstance(node, kinds) and self.function_of(node) is scope]
        return frozenset(name for node in found for name in node.names)

    def edited(self, edits: Iterable[Edit]) -> str:
        """Return the text with edits; of those at one place, the first given stands first."""
        data = self.data
        ordered = sorted(enumerate(edits), key=lambda pair: (pair[1].start, pair[0]))
        for _, edit in reversed(ordered):
            data = data[: edit.start] + edit.text.encode() + data[edit.end :]
        return data.decode()


def _parameters(given: ast.arguments) -> list[ast.arg]:
    starred = [arg for arg in (given.vararg, given.kwarg) if arg]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *starred]
