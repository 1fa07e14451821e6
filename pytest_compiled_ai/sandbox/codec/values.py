"""Values as trees of tagged lists, and back.

A value is taken apart by its *exact* type: a subclass that is not registered is refused, as an `int` that is equal to
everything would be an attack. What comes back is built of built-in kinds and registered classes alone, without running
any `__init__` or validator of theirs. An object that is reached twice arrives as two equal ones. Whatever bytes the
other end sends, the only error is a `CodecError`.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

from pytest_compiled_ai.sandbox.codec.bounds import MAX_BYTES, MAX_DEPTH, CodecError, name_type, shorten
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES, Classes
from pytest_compiled_ai.sandbox.codec.kinds import CONTAINERS, Kind, check_shape
from pytest_compiled_ai.sandbox.codec.scalars import SCALARS
from pytest_compiled_ai.sandbox.codec.text import dump_text, load_text
from pytest_compiled_ai.sandbox.codec.times import TIMES

_KINDS: Final[Mapping[type, Kind]] = MappingProxyType({kind.type: kind for kind in (*CONTAINERS, *SCALARS, *TIMES)})
_TAGS: Final[Mapping[str, Kind]] = MappingProxyType({kind.tag: kind for kind in _KINDS.values()})
_PLAIN_INT: Final = 10**18
_REFERENCE: Final = "@"
_NO_NUMBERS: Final[Mapping[int, int]] = MappingProxyType({})


def encode(value: object, classes: Classes = NO_CLASSES, *, limit: int = MAX_BYTES) -> bytes:
    """Write one value; equal values of equal types give equal bytes, but for the order of dicts.

    Args:
        value: Data, of built-in kinds and registered classes.
        classes: The project's classes that may be carried.
        limit: The most bytes that the message may have.

    Raises:
        CodecError: for what is no data, too large, too deep, or contains itself; it names the type and the place.
    """
    try:
        return dump_text(Writer(classes, limit).write(value), limit)
    except RecursionError:
        raise CodecError("is nested too deep for what is left of the stack") from None


def decode(data: bytes, classes: Classes = NO_CLASSES, *, limit: int = MAX_BYTES) -> Any:
    """Read one value back.

    Raises:
        CodecError: for bytes that are no such message; there is no other error.
    """
    return Reader(classes).read(load_text(data, limit))


def find_kind(cls: type, classes: Classes) -> Kind | None:
    """Return how values of exactly this class are carried, None where they are not."""
    return _KINDS.get(cls) or classes.kinds.get(cls)


def split_value(kind: Kind, value: object) -> list[object]:
    """Return the parts of a value; what goes wrong in reading a project's object is a `CodecError` too."""
    try:
        return list(kind.split(value))
    except CodecError:
        raise
    except Exception as error:
        raise CodecError(
            f"of the type `{shorten(name_type(kind.type))}` cannot be read: {type(error).__name__}"
        ) from None


class Writer:
    """Turn values into trees of JSON; objects whose `id` has a number are written as that number."""

    def __init__(self, classes: Classes, limit: int, numbers: Mapping[int, int] = _NO_NUMBERS) -> None:
        self._classes = classes
        self._numbers = numbers
        self._left = limit
        self._depth = 0

    def write(self, value: Any) -> object:
        """Return the tree of one value.

        The size is guessed on the way, as few shared objects can stand for a tree without end.
        """
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int and -_PLAIN_INT < value < _PLAIN_INT:
            return value
        if kind is float and isfinite(value):
            return value
        if kind is str and _is_plain(value):
            self._take(len(value))
            return value
        if (number := self._numbers.get(id(value))) is not None:
            return [_REFERENCE, number]
        return self.write_parts(value)

    def write_parts(self, value: object) -> list[object]:
        """Return the tree of a value that has parts, whether it has a number or not."""
        cls = type(value)
        kind = find_kind(cls, self._classes)
        if kind is None:
            raise CodecError(f"has the type `{shorten(name_type(cls))}`, and only data of known types can be sent")
        head = [kind.tag, self._classes.names[cls]] if cls in self._classes.names else [kind.tag]
        parts = split_value(kind, value)
        self._take(len(parts) + 1)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CodecError(f"is nested more than {MAX_DEPTH} deep, or contains itself")
        trees = self._write_each(kind, parts)
        self._depth -= 1
        if kind.unordered:
            trees.sort(key=lambda tree: dump_text(tree, MAX_BYTES))
        return head + trees

    def _write_each(self, kind: Kind, parts: Sequence[object]) -> list[object]:
        trees = []
        try:
            for part in parts:
                trees.append(self.write(part))  # noqa: PERF401 - how far it came is the place of an error
        except CodecError as error:
            raise error.within(kind.name_part(parts, len(trees))) from None
        return trees

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise CodecError("is larger than what may be sent")


class Reader:
    """Turn trees of JSON into values; numbers stand for the objects that were given."""

    def __init__(self, classes: Classes, objects: Sequence[object] = ()) -> None:
        self._classes = classes
        self._objects = objects

    def read(self, tree: object) -> Any:
        """Return the value of one tree."""
        if type(tree) is not list:
            return tree
        if tree[:1] == [_REFERENCE]:
            return self._follow(tree)
        kind, trees = self._find_kind(tree)
        try:
            parts = [self.read(each) if type(each) is list else each for each in trees]
            if kind.shape is not None:
                check_shape(parts, kind.shape)
            return kind.join(parts)
        except CodecError:
            raise
        except Exception as error:
            raise CodecError(f"is no message: {shorten(kind.type.__qualname__)}: {type(error).__name__}") from None

    def _find_kind(self, tree: list[object]) -> tuple[Kind, Iterable[object]]:
        tag, name = (*tree[:2], None, None)[:2]
        kind = _TAGS.get(tag) if isinstance(tag, str) else None
        if kind is not None:
            return kind, tree[1:]
        if isinstance(tag, str) and isinstance(name, str):
            kind = self._classes.find_kind(name, tag)
        if kind is None:
            raise CodecError(f"is of an unknown type: {shorten(reprlib.repr(tree[:2]))}")
        return kind, tree[2:]

    def _follow(self, tree: list[object]) -> object:
        match tree:
            case [_, int(number)] if 0 <= number < len(self._objects):
                return self._objects[number]
        raise CodecError("is no message: it refers to what was not sent")


def _is_plain(text: str) -> bool:
    # JSON joins two surrogates that follow one another into one character.
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
