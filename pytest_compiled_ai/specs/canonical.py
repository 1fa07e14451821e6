"""Digest `v1`'s serialiser: a syntax tree as bytes that are the same on every Python and after every formatter."""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.imports import bindings_of
from pytest_compiled_ai.specs.nodes import DROPPED, FIELDS
from pytest_compiled_ai.specs.normal_forms import normal_form
from pytest_compiled_ai.specs.renames import NAME_FIELDS, renamable_locals
from pytest_compiled_ai.specs.syntax import Function, clean_docstring, docstring_of

_END_OF_FUNCTION = object()
_WITH_BODY = frozenset({"FunctionDef", "AsyncFunctionDef", "ClassDef", "Module"})


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
            elif isinstance(item, ast.Name):
                out.append(f"Name({self._spelled(item.id)},)")
            elif isinstance(item, ast.AST):
                stack += self._open(normal_form(item))
            elif isinstance(item, list):
                stack += [part if isinstance(part, ast.AST) else _text(part) for part in reversed(item)]
            else:
                self._locals = None
        return "".join(out).encode("ascii")

    def _open(self, node: ast.AST) -> list[object]:
        """Return the pieces of a node, the last one first: texts, and what has to be opened in turn."""
        if isinstance(node, ast.Constant):
            return [f"Constant({_constant(node.value)},)"]
        kind: Any = type(node)
        shape = _shape(kind)
        is_outermost = shape.is_function and self._enter(node)
        pieces: list[object] = []
        text = f"{shape.name}("
        for field in shape.fields:
            value = getattr(node, field.name, None)
            if field.is_unknown:
                _refuse(value, shape.name, field.name)
                continue
            if field.is_dropped_when_empty:
                if not value:
                    continue
                text += f"{field.name}:"
            if isinstance(value, ast.AST):
                pieces += (text, value)
                text = ","
            elif isinstance(value, list):
                pieces += (f"{text}[", self._body(value) if field.is_body else value)
                text = "],"
            else:
                text += self._spelled(value) if field.is_binding and value is not None else _text(value)
                text += ","
        pieces.append(f"{text})")
        if is_outermost:
            pieces.append(_END_OF_FUNCTION)
        pieces.reverse()
        return pieces

    def _enter(self, node: ast.AST) -> bool:
        if self._taken is None or self._locals is not None:
            return False
        assert isinstance(node, Function)
        self._locals, self._numbers = renamable_locals(node, self._taken), {}
        return True

    def _spelled(self, name: str) -> str:
        if self._locals and name in self._locals:
            return self._numbers.setdefault(name, f"${len(self._numbers)}")
        return ascii(name)

    def _body(self, body: list[Any]) -> list[Any]:
        text = docstring_of(body)
        if text is None:
            return [*body]
        return [*body[1:]] if self._taken is not None else [clean_docstring(text), *body[1:]]


class _Field(NamedTuple):
    """How one field is written: of a body without its docstring, of a bound name perhaps by a number."""

    name: str
    is_unknown: bool = False
    is_dropped_when_empty: bool = False
    is_binding: bool = False
    is_body: bool = False


class _Shape(NamedTuple):
    """How nodes of one kind are written."""

    name: str
    fields: tuple[_Field, ...]
    is_function: bool


@functools.cache
def _shape(kind: Any) -> _Shape:
    name = kind.__name__
    if name not in FIELDS:
        raise SpecError(f"digest v1 does not know the syntax {name}; write it another way.")
    always, where_filled = FIELDS[name]
    unknown = [f for f in kind._fields if f not in {*always, *where_filled, *DROPPED}]
    has_body, binding = name in _WITH_BODY, NAME_FIELDS.get(name)
    fields = [
        *(_Field(each, is_unknown=True) for each in unknown),
        *(_Field(each, is_binding=each == binding, is_body=has_body and each == "body") for each in always),
        *(_Field(each, is_dropped_when_empty=True) for each in where_filled),
    ]
    return _Shape(name, tuple(fields), name in {"FunctionDef", "AsyncFunctionDef"})


def _refuse(value: object, kind: str, field: str) -> None:
    if value:
        raise SpecError(f"digest v1 does not know the syntax {kind}.{field}; write it another way.")


def _text(value: object) -> str:
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
