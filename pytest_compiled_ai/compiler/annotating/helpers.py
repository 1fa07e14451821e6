"""Functions inside of a body: their parameters by how they are called, their results by what they return."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_compiled_ai.compiler.annotating.containers import gather
from pytest_compiled_ai.compiler.annotating.endings import falls_through
from pytest_compiled_ai.compiler.annotating.sight import Sight
from pytest_compiled_ai.compiler.annotating.source import Edit, Source
from pytest_compiled_ai.compiler.annotating.types import ANY, NONE, Type, join, names_in, spell
from pytest_compiled_ai.specs.syntax import Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A function inside of another, and the names that stand for it."""

    source: Source
    node: Function
    outer: Function
    uses: tuple[ast.Name, ...]

    def annotate(self, see: Sight) -> Iterator[Edit]:
        """Yield the annotations that it lacks, as far as they can be told."""
        missing = [pair for pair in _parameters(self.node.args) if pair[0].annotation is None]
        types = [self._parameter(*pair, see) for pair in missing]
        told = [(pair, type_) for pair, type_ in zip(missing, types, strict=True) if self._can_say(type_)]
        yield from (_annotation(self.source, *pair, spell(type_)) for pair, type_ in told)
        result = self._result(see) if self.node.returns is None else None
        # What it returns depends on what it is given, and is told when that was.
        if result and not told:
            yield Edit(at := _colon(self.source, self.node), at, f" -> {result}")

    def _parameter(self, parameter: ast.arg, default: ast.expr | None, see: Sight) -> Type:
        types = [see(default)] if default else []
        for use in self.uses:
            types += self._given(use, parameter, see)
        # What one call does not tell another may.
        return gather(self.source, self.node, parameter.arg, join(types), see)

    def _given(self, use: ast.Name, parameter: ast.arg, see: Sight) -> list[Type]:
        parent, arguments = self.source.parent(use), self.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        index = positional.index(parameter) if parameter in positional else None
        if not isinstance(parent, ast.Call) or use is not parent.func:
            is_passed = isinstance(parent, ast.Call | ast.keyword) and index is not None and not arguments.kwonlyargs
            return [see.passed(use, len(positional))[index]] if is_passed and index is not None else []
        given = [keyword.value for keyword in parent.keywords if keyword.arg == parameter.arg]
        if index is not None and index < len(parent.args):
            before = parent.args[: index + 1]
            given += [] if any(isinstance(each, ast.Starred) for each in before) else [parent.args[index]]
        return [see(value) for value in given]

    def _result(self, see: Sight) -> str | None:
        own = [node for node in self.source.nodes if self.source.function_of(node) is self.node]
        if yields := [node for node in own if isinstance(node, ast.Yield | ast.YieldFrom)]:
            items = join([_yielded(node, see) for node in yields])
            is_async = isinstance(self.node, ast.AsyncFunctionDef)
            return spell(Type("AsyncIterator" if is_async else "Iterator", (items,))) if self._can_say(items) else None
        returns = [node for node in own if isinstance(node, ast.Return)]
        types = [see(node.value) if node.value else NONE for node in returns]
        found = join([*types, NONE] if falls_through(self.node.body) else types)
        if self._can_say(found) and (found != NONE or all(type_ == NONE for type_ in types)):
            return spell(found)
        return self._result_by_use()

    def _result_by_use(self) -> str | None:
        """Return what the function around it says that it returns, where it returns what the helper does."""
        returned = [self.source.parent(use) for use in self.uses]
        if self.outer.returns is not None and any(
            isinstance(self.source.parent(call), ast.Return) and self.source.function_of(call) is self.outer
            for call in returned
            if isinstance(call, ast.Call)
        ):
            return ast.unparse(self.outer.returns)
        return None

    def _can_say(self, type_: Type) -> bool:
        """Tell whether the type is known, and has the names it needs where the helper is defined."""
        scopes = [each for each in self.source.above(self.node) if isinstance(each, Function)]
        hidden = frozenset().union(*map(self.source.bound, scopes))
        return type_.is_told and hidden.isdisjoint(names_in(type_))


def find_helpers(source: Source, owned: frozenset[int]) -> Iterator[Helper]:
    """Yield the functions that stand in other functions, on lines that the model wrote, and that lack annotations."""
    for node in source.nodes:
        if not isinstance(node, Function) or node.lineno not in owned or not _lacks(node):
            continue
        outer = source.function_of(node)
        if outer is not None and node.args.vararg is None and node.args.kwarg is None:
            named = [each for each in source.nodes if isinstance(each, ast.Name) and each.id == node.name]
            uses = tuple(each for each in named if source.owner(each) is outer)
            if all(isinstance(each.ctx, ast.Load) for each in uses):
                yield Helper(source=source, node=node, outer=outer, uses=uses)


def _lacks(node: Function) -> bool:
    return node.returns is None or any(each.annotation is None for each, _ in _parameters(node.args))


def _parameters(given: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    positional = [*given.posonlyargs, *given.args]
    missing = [None] * (len(positional) - len(given.defaults))
    yield from zip(positional, [*missing, *given.defaults], strict=True)
    yield from zip(given.kwonlyargs, given.kw_defaults, strict=True)


def _yielded(node: ast.Yield | ast.YieldFrom, see: Sight) -> Type:
    if isinstance(node, ast.Yield):
        return see(node.value) if node.value else NONE
    items = see(node.value)
    return items.args[0] if items.args else ANY


def _annotation(source: Source, parameter: ast.arg, default: ast.expr | None, text: str) -> Edit:
    end = source.end(parameter)
    if default:
        start = source.span(default)[0]
        if source.data[end:start].strip() == b"=":
            return Edit(end, start, f": {text} = ")
    return Edit(end, end, f": {text}")


def _colon(source: Source, node: Function) -> int:
    """Return the byte at which the colon stands that ends a function's header."""
    start, _ = source.span(node)
    text = source.data[start:].decode()
    tokens, depth = tokenize.generate_tokens(io.StringIO(text).readline), 0
    while (token := next(tokens)).string != ":" or depth:
        depth += (token.string in {"(", "["}) - (token.string in {")", "]"})
    lines, (row, column) = text.split("\n"), token.start
    return start + len("\n".join([*lines[: row - 1], lines[row - 1][:column]]).encode())
