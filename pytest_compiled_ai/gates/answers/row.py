"""An example as a body sees it: its arguments by the names of its parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pytest_compiled_ai.gates.answers.example import Example, Unread
from pytest_compiled_ai.gates.answers.flow import Flow
from pytest_compiled_ai.gates.answers.values import Names, UnknownValueError, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One example; `given` are its arguments, `seen` what the names of the body may stand for with them."""

    example: Example
    given: Mapping[str, object]
    seen: tuple[Names, ...]

    @property
    def values(self) -> tuple[object, ...]:
        """The arguments in the order of the parameters."""
        return tuple(self.given.values())


def bind(example: Example, flow: Flow) -> Row | None:
    """Return an example as a row of a function, or None where its arguments are not the function's."""
    names = flow.parameters
    given = dict(zip(names, example.arguments, strict=False)) | dict(example.keywords)
    vararg = flow.function.args.vararg
    if vararg and len(example.arguments) > names.index(vararg.arg):
        given[vararg.arg] = example.arguments[names.index(vararg.arg) :]
    elif len(example.arguments) > len(names):
        return None
    known = {name: value for name, value in given.items() if value is not Unread.UNREAD}
    return Row(example=example, given=given, seen=tuple(_seen(known, flow)))


def _seen(known: Mapping[str, object], flow: Flow) -> Iterator[Names]:
    """Yield what the names of the body may stand for in a row: before its parameters are assigned anew, and after."""
    before = {**flow.names, **known}
    for name, value in flow.assigned:
        if name not in known:
            _renew(name, value, before)
    yield before
    if any(name in known for name, _ in flow.assigned):
        after = {**flow.names, **known}
        for name, value in flow.assigned:
            _renew(name, value, after)
        yield after


def _renew(name: str, value: ast.expr, names: dict[str, object]) -> None:
    try:
        names[name] = fold(value, names)
    except UnknownValueError:
        return
