"""Single values of the built-in types and the standard library's, made of JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, Final
from uuid import UUID

_WORDS: Final[Mapping[type, str]] = {
    type(None): "null", bool: "a truth value", dict: "an object", float: "a number", int: "a whole number",
    list: "a list", str: "a text",
}  # fmt: skip


class UnfitError(Exception):
    """A JSON value stands for no value of a type; the text says where in it, and repeats nothing of it."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place} {reason}".strip())
        self.reason, self.place = reason, place


def expect(value: Any, kind: type) -> Any:
    """Return a JSON value of a kind, where it is one."""
    if type(value) is kind:
        return value
    raise UnfitError(f"is no {_WORDS[kind].removeprefix('a ').removeprefix('an ')}")


def within(part: str, make: Callable[..., Any], *given: Any) -> Any:
    """Return what `make` makes of a part of a value; where it does not fit, the text says which part it was."""
    try:
        return make(*given)
    except UnfitError as error:
        raise UnfitError(error.reason, part + error.place) from None


def _number(value: Any) -> int | float:
    return value if type(value) is int else float(expect(value, float))


def _text_or_number(value: Any) -> str:
    return value if type(value) is str else str(_number(value))


def _through(make: Callable[[Any], Any], read: Callable[[Any], Any], word: str) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        try:
            return make(read(value))
        except (ValueError, ArithmeticError):
            raise UnfitError(f"is no {word}") from None

    return convert


def _text(value: Any) -> str:
    return str(expect(value, str))


SCALARS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    type(None): lambda value: expect(value, type(None)),
    bool: lambda value: expect(value, bool),
    int: lambda value: expect(value, int),
    float: lambda value: float(_number(value)),
    str: _text,
    bytes: lambda value: _text(value).encode(),
    date: _through(date.fromisoformat, _text, "date"),
    datetime: _through(datetime.fromisoformat, _text, "date and time"),
    Decimal: _through(Decimal, _text_or_number, "decimal number"),
    Fraction: _through(Fraction, _text_or_number, "fraction"),
    Path: lambda value: Path(_text(value)),
    PurePath: lambda value: PurePosixPath(_text(value)),
    PurePosixPath: lambda value: PurePosixPath(_text(value)),
    time: _through(time.fromisoformat, _text, "time"),
    timedelta: _through(lambda value: timedelta(seconds=value), _number, "span of time"),
    UUID: _through(UUID, _text, "UUID"),
}
"""What makes a value of each type; it raises `UnfitError`."""
