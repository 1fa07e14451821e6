"""What a call changed in its arguments: seen in the worker, done again to the oracle's own objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pytest_compiled_ai.sandbox.codec.bounds import MAX_BYTES, MAX_DEPTH, CodecError, check_size, name_type
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES, Classes
from pytest_compiled_ai.sandbox.codec.text import dump_text, load_text
from pytest_compiled_ai.sandbox.codec.values import Reader, Writer, encode, find_kind, split_value


class Watch:
    """Remember every object in a value that can change, as it is before a call.

    Objects are numbered in the order in which both ends meet them, so that one which moved, or left the value, is
    still known for itself. What is reached twice has two numbers and is two objects here; the last change wins.
    """

    def __init__(self, value: object, classes: Classes = NO_CLASSES) -> None:
        self._classes = classes
        self._objects = _list_objects(value, classes)
        self._numbers = {id(each): number for number, each in enumerate(self._objects)}
        self._before = [self._write(each) for each in self._objects]

    def encode_changes(self, *, limit: int = MAX_BYTES) -> bytes | None:
        """Return what changed since, for `apply_change`; None where nothing did.

        Raises:
            CodecError: where an object holds now what cannot be carried.
        """
        pairs = zip(map(self._write, self._objects), self._before, strict=True)
        changes = [b"[%d,%b]" % (number, now) for number, (now, before) in enumerate(pairs) if now != before]
        return check_size(b"[%b]" % b",".join(changes), limit) if changes else None

    def _write(self, each: object) -> bytes:
        return dump_text(Writer(self._classes, MAX_BYTES, self._numbers).write_parts(each), MAX_BYTES)


def apply_change(original: object, data: bytes, classes: Classes = NO_CLASSES, *, limit: int = MAX_BYTES) -> None:
    """Make the objects in a value what a worker's `Watch` over its copy found them to be, each in place.

    Raises:
        CodecError: for bytes that are no such message, and for a change after which the value contains itself; nothing
            is changed where the message cannot be read.
    """
    changes = load_text(data, limit)
    if not isinstance(changes, list):
        raise CodecError("is no message of changes")
    objects = _list_objects(original, classes)
    reader = Reader(classes, objects)
    for refill, target, fresh in [_read_change(each, reader, objects, classes) for each in changes]:
        try:
            refill(target, fresh)
        except Exception as error:
            problem = f"of the type `{name_type(type(target))}` cannot be changed: {type(error).__name__}"
            raise CodecError(problem) from None
    encode(original, classes, limit=limit)


def _read_change(
    change: object, reader: Reader, objects: Sequence[object], classes: Classes
) -> tuple[Callable[[object, object], object], object, object]:
    match change:
        case [int(number), list(tree)] if 0 <= number < len(objects):
            target, fresh = objects[number], reader.read(tree)
            kind = find_kind(type(fresh), classes)
            if type(fresh) is type(target) and kind is not None and kind.refill is not None:
                return kind.refill, target, fresh
    raise CodecError("is no message of changes")


def _list_objects(value: object, classes: Classes, depth: int = 0) -> list[object]:
    """Return the objects that can change, outermost first; the items of a set cannot, and have no order."""
    kind = find_kind(type(value), classes)
    if kind is None:
        return []
    if depth > MAX_DEPTH:
        raise CodecError(f"is nested more than {MAX_DEPTH} deep, or contains itself")
    found = [value] if kind.refill is not None else []
    if kind.shape is None and not kind.unordered:
        for part in split_value(kind, value):
            found += _list_objects(part, classes, depth + 1)
    return found
