"""Ready-made tests: each pins one of the answers that bodies give where the tests leave it open."""

from __future__ import annotations

import ast
import builtins
import hashlib
import math
import textwrap
from collections.abc import Collection
from contextlib import suppress
from typing import Any, Final

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.evaluation.arguments import Input
from pytest_compiled_ai.evaluation.behaviour import Answer, Difference
from pytest_compiled_ai.evaluation.notation import names_in, read_value, write_value
from pytest_compiled_ai.gates.answers.values import UnknownValueError
from pytest_compiled_ai.placeholder import is_async_generator, return_kind
from pytest_compiled_ai.specs.syntax import Function

FIRST_ITEMS: Final = 20
"""Items of an iterator that are compared."""
_ITERATORS: Final = frozenset({"Generator", "Iterable", "Iterator"})
_DIGITS: Final = 9


class _NoTestError(Exception):
    """There is no way to write the test."""


def write_tests(function: Function, difference: Difference, known: Collection[Import] = ()) -> tuple[str, str]:
    """Return, for each of the two answers, a test that it passes and the other does not."""
    one, other = difference.answers
    return (
        write_test(function, difference.input, one, other=other, known=known),
        write_test(function, difference.input, other, other=one, known=known),
    )


def write_test(
    function: Function,
    given: Input,
    answer: Answer,
    *,
    other: Answer | None = None,
    known: Collection[Import] = (),
) -> str:
    """Return a test that says what a function answers; "" where there is no way to write it.

    Args:
        function: the stub.
        given: what it is called with.
        answer: what it shall answer.
        other: what it shall not answer: types, and changes of arguments, are asserted where only they differ.
        known: what is imported where the test will stand; the test imports the rest itself.
    """
    writer = _Writer()
    try:
        lines = writer.write(function, given, answer, other)
    except _NoTestError:
        return ""
    mark = hashlib.sha256(given.text.encode(errors="surrogatepass")).hexdigest()[:6]
    body = "\n".join([*sorted({each.line for each in writer.imports - set(known)}), *lines])
    return f"def test_{function.name}_case_{mark}() -> None:\n{textwrap.indent(body, '    ')}\n"


class _Writer:
    """Writes the lines of one test, and notes what they need imported."""

    def __init__(self) -> None:
        self.imports: set[Import] = set()

    def write(self, function: Function, given: Input, answer: Answer, other: Answer | None) -> list[str]:
        """Return the lines of the test, without its head."""
        values = [write_value(each) for each in given.arguments], [write_value(each) for _, each in given.keywords]
        for text in (*values[0], *values[1]):
            self._value(text)
        if other is None or answer.kind != "value" or other.kind != "value" or answer.after == other.after:
            return self._judge(self._call(function, given.text), answer, other)
        before = f"{write_value(given.arguments)}, {write_value(dict(given.keywords))}"
        after = ", ".join(map(self._value, answer.after))
        call = self._call(function, "*arguments, **keywords")
        judged = self._judge(call, answer, other)
        return [f"arguments, keywords = {before}", *judged, f"assert (arguments, keywords) == ({after})"]

    def _call(self, function: Function, given: str) -> str:
        call = f"{function.name}({given})"
        if is_async_generator(function):
            raise _NoTestError
        if isinstance(function, ast.AsyncFunctionDef):
            return f"{self._import('asyncio')}.run({call})"
        if return_kind(function) in _ITERATORS:
            return f"list({self._import('itertools', 'islice')}({call}, {FIRST_ITEMS}))"
        return call

    def _judge(self, call: str, answer: Answer, other: Answer | None) -> list[str]:
        if answer.kind == "value":
            return self._equals(call, answer.text, other.text if other and other.kind == "value" else "")
        if answer.kind == "raises":
            return [f"with {self._import('pytest')}.raises({self._error(answer.text)}):", f"    {call}"]
        raise _NoTestError

    def _equals(self, call: str, text: str, other: str) -> list[str]:
        self._value(text)
        value, others = _read(text), _read(other)
        if value is not _UNREAD and value is not None and _is_equal(value, others):
            if type(value) is type(others):
                return [f"assert repr({call}) == {repr(value)!r}"]
            return [f"result = {call}", f"assert result == {text}", f"assert type(result) is {type(value).__name__}"]
        if text in {"None", "True", "False"}:
            return [f"assert {call} is {text}"]
        if isinstance(value, float) and math.isfinite(value) and float(f"{value:.{_DIGITS}g}") != value:
            return [f"assert {call} == {self._import('pytest')}.approx({text}, rel=1e-8)"]
        # Read anew, as a list is equal to itself whatever is in it.
        if value is not _UNREAD and not _is_equal(value, _read(text)):
            return [f"assert repr({call}) == {repr(value)!r}"]
        return [f"assert {call} == {text}"]

    def _value(self, text: str) -> str:
        needed = names_in(text)
        if needed is None:
            raise _NoTestError
        self.imports |= set(needed)
        return text

    def _error(self, name: str) -> str:
        module, _, last = name.rpartition(".")
        if not all(part.isidentifier() for part in name.split(".")) or not (module or hasattr(builtins, name)):
            raise _NoTestError
        return self._import(module, last) if module else name

    def _import(self, module: str, name: str | None = None) -> str:
        bound = name or module
        self.imports.add(Import(module=module, name=name, bound=bound))
        return bound


_UNREAD: Final = object()


def _read(text: str) -> Any:
    try:
        return read_value(text)
    except UnknownValueError:
        return _UNREAD


def _is_equal(one: Any, other: Any) -> bool:
    # A signalling NaN cannot even be compared.
    with suppress(ArithmeticError):
        return bool(one == other)
    return False
