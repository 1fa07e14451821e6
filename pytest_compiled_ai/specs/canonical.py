"""Digest `v1`'s serialiser: a syntax tree as bytes that are the same on every Python and after every formatter."""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterable
from typing import Any

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.imports import bindings_of
from pytest_compiled_ai.specs.nodes import DROPPED, FIELDS
from pytest_compiled_ai.specs.normal_forms import normal_form
from pytest_compiled_ai.specs.renames import name_field, renamable_locals
from pytest_compiled_ai.specs.syntax import Function, clean_docstring, docstring_of

_END_OF_FUNCTION = object()


def canonical(node: ast.AST, taken: frozenset[str] = frozenset()) -> bytes:
    """Return what a piece of code means: no positions, comments, type comments, docstrings, and numbered locals.

    `taken` are the names that its module binds at top level; a local of such a name keeps it.

    Raises:
        SpecError: the tree holds syntax that digest v1 does not know.
    """
    return _Writer(taken).write(node)


def canonical_exact(node: ast.AST, numbered: frozenset[str] = frozenset()) -> bytes:
    """Return a piece of code with its locals' names and its docstrings; only layout, quotes and comments are gone.

    `numbered` are locals whose names are gone, too.

    Raises:
        SpecError: the tree holds syntax that digest v1 does not know.
    """
    return _Writer(None, numbered).write(node)


def hash_of(data: bytes) -> str:
    """Return the first 32 hex digits (128 bits) of the SHA-256: the length of every hash that we write down."""
    return hashlib.sha256(data).hexdigest()[:32]


def body_hash(
    node: Function | ast.ClassDef, imports: Iterable[ast.Import | ast.ImportFrom], constants: Iterable[ast.stmt]
) -> str:
    """Return the hash of an artifact's definition with the imports and constants that it uses, in any order.

    Another spelling of the same tree (line ends, quotes, wrapping, comments, one import statement or two) is equal;
    another name of a local is an edit.

    Raises:
        SpecError: the code holds syntax that digest v1 does not know.
    """
    used = {ascii(binding.label).encode() for node in imports for binding in bindings_of(node)}
    parts = [*sorted(used), *sorted(canonical_exact(item) for item in constants), canonical_exact(node)]
    return hash_of(b"\n".join(parts))


class _Writer:
    """One serialisation: an explicit stack, because real trees are deeper than Python's own.

    `taken` is None where names and docstrings are kept. Strings on the stack are finished output.
    """

    def __init__(self, taken: frozenset[str] | None, numbered: frozenset[str] = frozenset()) -> None:
        self._taken = taken
        self._locals: frozenset[str] | None = numbered or None
        self._numbers: dict[str, str] = {}

    def write(self, root: ast.AST) -> bytes:
        out: list[str] = []
        stack: list[object] = [root]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                out.append(item)
            elif isinstance(item, ast.AST):
                stack.extend(reversed(self._open(normal_form(item))))
            elif isinstance(item, list):
                stack.extend(("]", *(_piece(part) for part in reversed(item)), "["))
            else:
                self._locals = None
        return "".join(out).encode("ascii")

    def _open(self, node: ast.AST) -> list[object]:
        kind: Any = type(node)
        always, where_filled, unknown = _shape(kind)
        for field in unknown:
            if getattr(node, field, None):
                raise SpecError(f"digest v1 does not know the syntax {kind.__name__}.{field}; write it another way.")
        is_outermost = self._enter(node)
        pieces: list[object] = [kind.__name__, "("]
        for field in always:
            pieces += (self._field(node, field), ",")
        for field in where_filled:
            if value := getattr(node, field, None):
                pieces += (f"{field}:", _piece(value), ",")
        pieces.append(")")
        return [*pieces, _END_OF_FUNCTION] if is_outermost else pieces

    def _enter(self, node: ast.AST) -> bool:
        if (
            not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            or self._taken is None
            or self._locals is not None
        ):
            return False
        self._locals, self._numbers = renamable_locals(node, self._taken), {}
        return True

    def _field(self, node: ast.AST, field: str) -> object:
        value = getattr(node, field, None)
        if isinstance(node, ast.Constant):
            return _constant(value)
        if field == "body" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            return self._body(node.body)
        if self._locals and (isinstance(node, ast.Name) or field == name_field(node)) and value in self._locals:
            return self._numbers.setdefault(value, f"${len(self._numbers)}")
        return _piece(value)

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt | str]:
        text = docstring_of(body)
        if text is None:
            return [*body]
        return [*body[1:]] if self._taken is not None else [clean_docstring(text), *body[1:]]


@functools.cache
def _shape(kind: Any) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    if kind.__name__ not in FIELDS:
        raise SpecError(f"digest v1 does not know the syntax {kind.__name__}; write it another way.")
    always, where_filled = FIELDS[kind.__name__]
    return always, where_filled, tuple(f for f in kind._fields if f not in {*always, *where_filled, *DROPPED})


def _piece(value: object) -> object:
    if isinstance(value, ast.AST | list):
        return value
    return "-" if value is None else _constant(value)


def _constant(value: object) -> str:
    if value is None or value is ... or isinstance(value, bool):
        return repr(value)
    if isinstance(value, int):
        return hex(value)
    if isinstance(value, str):
        return ascii(value)
    if isinstance(value, bytes | float | complex):
        return f"{type(value).__name__}:{value!r}"
    raise SpecError(f"digest v1 does not know constants of type {type(value).__name__}.")
