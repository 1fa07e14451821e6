"""Exceptions on their way from a body to the test that called it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pytest_compiled_ai.sandbox.codec.bounds import MAX_BYTES, CodecError, name_type, shorten
from pytest_compiled_ai.sandbox.codec.classes import NO_CLASSES, Classes
from pytest_compiled_ai.sandbox.codec.error_names import find_error, name_error
from pytest_compiled_ai.sandbox.codec.instances import may_set
from pytest_compiled_ai.sandbox.codec.values import decode, encode

_DEEPEST: Final = 5
_LONGEST_TEXT: Final = 500
_GROUP: Final = "builtins.ExceptionGroup"
_MEMBERS: Final[Mapping[type, Sequence[str]]] = {
    ImportError: ("name", "path"),
    NameError: ("name",),
    AttributeError: ("name",),
    OSError: ("filename", "filename2"),
}


class UnknownError(BaseException):
    """What a test gets for an exception that is not for tests: an exit, a skip, a runner's own; it names which.

    It is no `Exception`, as most of these are none: `pytest.raises(Exception)` must not be content with an exit.
    """


def encode_error(error: BaseException, classes: Classes = NO_CLASSES, *, limit: int = MAX_BYTES) -> bytes:
    """Write an exception: its allow-listed name, and its arguments, attributes and notes as far as they are data.

    Any exception can be written; of one that is too large, or that breaks when it is read, only the name is.
    """
    try:
        return encode(_describe(error, classes, 0), classes, limit=limit)
    except Exception:
        return encode(_name_only(error, classes))


def decode_error(data: bytes, classes: Classes = NO_CLASSES, *, limit: int = MAX_BYTES) -> BaseException:
    """Read an exception back, as one of the allow-listed classes or as an `UnknownError`; none of its code is run.

    Raises:
        CodecError: for bytes that are no such message; there is no other error.
    """
    record = decode(data, classes, limit=limit)
    try:
        return _build(record, classes)
    except CodecError:
        raise
    except Exception as error:
        raise CodecError(f"is no exception: {type(error).__name__}") from None


def _describe(error: BaseException, classes: Classes, depth: int) -> dict[str, object]:
    cls, text = type(error), _read_text(error)
    group = error if isinstance(error, ExceptionGroup) else None
    name = _GROUP if group else name_error(cls, classes)
    args = (group.message,) if group else error.args
    notes = [note for note in getattr(error, "__notes__", ()) if type(note) is str]
    is_deep = depth >= _DEEPEST
    return {
        "name": name,
        "text": text,
        "args": args if _is_data(args, classes) else (text,),
        "attributes": {key: each for key, each in _read_attributes(error).items() if _is_data(each, classes)},
        "notes": notes if name.rpartition(".")[2] == cls.__name__ else [*notes, f"raised as {shorten(name_type(cls))}"],
        "members": [_describe(each, classes, depth + 1) for each in group.exceptions] if group and not is_deep else [],
        "cause": _describe(error.__cause__, classes, depth + 1) if error.__cause__ and not is_deep else None,
    }


def _name_only(error: BaseException, classes: Classes) -> dict[str, object]:
    name = name_error(type(error), classes)
    return {"name": name, "text": "", "args": (), "attributes": {}, "notes": [], "members": [], "cause": None}


def _is_data(value: object, classes: Classes) -> bool:
    try:
        encode(value, classes)
    except CodecError:
        return False
    return True


def _read_text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:
        return f"({type(broken).__name__} in its __str__)"


def _read_attributes(error: BaseException) -> dict[str, object]:
    names = _name_own(type(error))
    return vars(error) | {name: each for name in names if (each := getattr(error, name, None)) is not None}


def _name_own(cls: type) -> frozenset[str]:
    """Return the attributes that do not lie in the instance's dict."""
    fields = [each.name for each in dataclasses.fields(cls)] if dataclasses.is_dataclass(cls) else []
    return frozenset(fields).union(*(names for base, names in _MEMBERS.items() if issubclass(cls, base)))


def _build(record: object, classes: Classes) -> BaseException:
    match record:
        case {
            "name": str(name),
            "text": str(text),
            "args": tuple(args),
            "attributes": dict(attributes),
            "notes": list(notes),
            "members": list(members),
            "cause": cause,
        }:
            error = _make(name, text, args, [_build(each, classes) for each in members], classes)
            _set_attributes(error, attributes)
            for note in notes:
                error.add_note(note)
            if cause is not None:
                error.__cause__ = _build(cause, classes)
            return error
    raise CodecError("is no exception")


def _make(
    name: str, text: str, args: tuple[Any, ...], members: Sequence[BaseException], classes: Classes
) -> BaseException:
    if name == _GROUP and members and all(isinstance(each, Exception) for each in members):
        return ExceptionGroup(args[0], [each for each in members if isinstance(each, Exception)])
    cls = find_error(name, classes)
    if cls is None:
        return UnknownError(f"{shorten(name)}: {shorten(text, _LONGEST_TEXT)}")
    base = _find_builtin_base(cls)
    error: BaseException = base.__new__(cls, *args)
    base.__init__(error, *args)
    return error


def _find_builtin_base(cls: type) -> Any:
    """Return the class in C below this one: its constructor takes the arguments as they were kept."""
    base: Any = cls
    while base.__module__ != "builtins":
        base = base.__base__
    return base


def _set_attributes(error: BaseException, attributes: Mapping[object, object]) -> None:
    cls = type(error)
    own = _name_own(cls)
    for name, content in attributes.items():
        if isinstance(name, str) and (name in own or may_set(cls, name)):
            object.__setattr__(error, name, content)
