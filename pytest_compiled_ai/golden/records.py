"""Members of enums and records of a project's types, made of JSON."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import Any

from pytest_compiled_ai.golden.scalars import UnfitError, expect, within

Build = Callable[[Any, Any], Any]


def build_record(value: Any, kind: Any, build: Build) -> Any:
    """Return a member of an enum, a dataclass, a named tuple, a typed dict or a pydantic model.

    Args:
        value: JSON.
        kind: the type.
        build: makes the fields.

    Raises:
        UnfitError: it stands for no value of the type, or JSON can stand for none.
    """
    if not isinstance(kind, type):
        raise UnfitError(f"is of {kind!r}, of which no value can be made of JSON")
    if issubclass(kind, Enum):
        return _member(value, kind)
    if typing.is_typeddict(kind):
        return _fields(value, kind, _required_keys(kind), build)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return _call(kind, _fields(_named(value, kind._fields), kind, _required(kind), build))
    if dataclasses.is_dataclass(kind):
        return _call(kind, _fields(value, kind, _required(kind), build))
    if hasattr(kind, "model_validate"):
        return _call(lambda **_: kind.model_validate(value), {})
    raise UnfitError(f"is of {kind.__qualname__}, of which no value can be made of JSON")


def _member(value: Any, kind: type[Enum]) -> Enum:
    for member in kind:
        if (type(value) is type(member.value) and value == member.value) or value == member.name:
            return member
    raise UnfitError(f"is no member of {kind.__qualname__}")


def _named(value: Any, names: Sequence[str]) -> Any:
    is_short = isinstance(value, list) and len(value) <= len(names)
    return dict(zip(names, value, strict=False)) if is_short else value


def _fields(value: Any, kind: type, required: Collection[str], build: Build) -> dict[str, Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    given = expect(value, dict)
    if strange := sorted(given.keys() - hints.keys()):
        raise UnfitError(f"has {len(strange)} keys that are no fields of {kind.__qualname__}")
    if absent := sorted(set(required) - given.keys()):
        raise UnfitError(f"has no {absent[0]}")
    return {name: within(f".{name}", build, each, hints[name]) for name, each in given.items()}


def _required_keys(kind: Any) -> set[str]:
    # Where annotations are texts, as `from __future__` has them, the class itself has not seen `NotRequired`.
    origins = {name: typing.get_origin(hint) for name, hint in typing.get_type_hints(kind, include_extras=True).items()}
    free = {name for name, origin in origins.items() if origin is typing.NotRequired}
    required = {name for name, origin in origins.items() if origin is typing.Required}
    return required.union(kind.__required_keys__) - free


def _required(kind: Any) -> set[str]:
    parameters = inspect.signature(kind).parameters.values()
    return {each.name for each in parameters if each.default is each.empty}


def _call(kind: Callable[..., Any], fields: dict[str, Any]) -> Any:
    try:
        return kind(**fields)
    except Exception as error:
        # Its text may hold what it was given.
        raise UnfitError(f"is refused by its type: {type(error).__name__}") from None
