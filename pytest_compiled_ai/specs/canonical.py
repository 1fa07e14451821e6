"""Digest `v1`'s serialiser: a syntax tree as bytes that are the same on every Python and after every formatter."""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.specs.imports import bindings_of
from pytest_compiled_ai.specs.nodes import DROPPED, FIELDS
from pytest_compiled_ai.specs.normal_forms import normal_form
from pytest_compiled_ai.specs.renames import NAME_FIELDS, renamable_locals
from pytest_compiled_ai.specs.syntax import Function, clean_docstring, docstring_of

_END_OF_FUNCTION = object()
_Rule = Literal["refused", "labelled", "body", "name"]
_WHERE_FILLED = frozenset({"refused", "labelled"})
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
        for field, rule in shape.fields:
            value = getattr(node, field, None)
            if rule is not None:
                if not value and rule in _WHERE_FILLED:
                    continue
                prefix, value = self._by_rule(rule, value, shape.name, field)
                text += prefix
            if isinstance(value, ast.AST):
                pieces += (text, value)
                text = ","
            elif isinstance(value, list):
                pieces += (f"{text}[", value)
                text = "],"
            else:
                text = f"{text}{value if isinstance(value, _Spelling) else _text(value)},"
        pieces.append(f"{text})")
        if is_outermost:
            pieces.append(_END_OF_FUNCTION)
        pieces.reverse()
        return pieces

    def _by_rule(self, rule: _Rule, value: Any, kind: str, field: str) -> tuple[str, Any]:
        """Return what stands in front of a field's value, and the value as it is written."""
        if rule == "refused":
            raise SpecError(f"digest v1 does not know the syntax {kind}.{field}; write it another way.")
        if rule == "body":
            return "", self._body(value)
        if rule == "labelled":
            return f"{field}:", value
        return "", value if value is None else _Spelling(self._spelled(value))

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


class _Spelling(str):
    """A bound name as it is written: in quotes, or as a number."""

    __slots__ = ()


class _Shape(NamedTuple):
    """How nodes of one kind are written: their fields, each with what is special about it."""

    name: str
    fields: tuple[tuple[str, _Rule | None], ...]
    is_function: bool


@functools.cache
def _shape(kind: Any) -> _Shape:
    name = kind.__name__
    if name not in FIELDS:
        raise SpecError(f"digest v1 does not know the syntax {name}; write it another way.")
    always, where_filled = FIELDS[name]
    rules: dict[str, _Rule | None] = {f: "refused" for f in kind._fields if f not in {*always, *where_filled, *DROPPED}}
    rules |= dict.fromkeys(always) | dict.fromkeys(where_filled, "labelled")
    if name in _WITH_BODY:
        rules["body"] = "body"
    if name in NAME_FIELDS:
        rules[NAME_FIELDS[name]] = "name"
    return _Shape(name, tuple(rules.items()), name in {"FunctionDef", "AsyncFunctionDef"})


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
