"""A synchronous handler: one event in, one response out, whatever the event is."""

from __future__ import annotations

import inspect
import traceback
import types
import typing
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from pytest_compiled_ai.templates.scaffolds.hole import DECLARED, Result, hole


class HoleResponse(NamedTuple):
    """What became of an event.

    `status` is 200 with a `value`; 400 where the event does not fit, 422 where a declared exception was raised, with
    what was wrong in `error`; and 500 for any other exception, with no more than its name.
    """

    status: int
    value: Result | None = None
    error: str = ""


def hole_handler(event: object) -> HoleResponse:
    """Answer an event: a mapping of the arguments, by name. No exception gets out."""
    try:
        arguments: Any = event
        if misfit := _hole_misfit(arguments):
            return HoleResponse(400, error=misfit)
        return HoleResponse(200, hole(**arguments))
    except Exception as error:
        if isinstance(error, DECLARED):
            return HoleResponse(422, error=traceback.format_exception_only(error)[-1].strip())
        return HoleResponse(500, error=type(error).__name__)


def _hole_misfit(event: object) -> str:
    """Return what is wrong with the shape of an event, or nothing."""
    if not isinstance(event, dict):
        return "an event is an object that holds the arguments by name"
    wanted, hints = inspect.signature(hole).parameters, typing.get_type_hints(hole, include_extras=True)
    for name in event:
        if not isinstance(name, str) or name not in wanted:
            return f"{name!r} is no argument"
    for name, parameter in wanted.items():
        if name not in event and parameter.default is parameter.empty:
            return f"{name!r} is missing"
        if name in event and not _hole_fits(event[name], hints.get(name, Any)):
            return f"{name!r} has the wrong type"
    return ""


def _hole_fits(value: Any, hint: Any) -> bool:
    """Tell whether a value is of a type, as far as that can be told without changing it."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return any(type(value) is type(part) and value == part for part in parts)
    if origin in {typing.Union, types.UnionType}:
        return any(_hole_fits(value, part) for part in parts)
    if origin in {typing.Annotated, typing.Required, typing.NotRequired}:
        return _hole_fits(value, parts[0])
    if typing.is_typeddict(hint):
        return _hole_fits_record(value, hint)
    if isinstance(origin, type):
        return isinstance(value, origin) and _hole_fits_inside(value, origin, parts)
    if hint is None or hint is type(None):
        return value is None
    if hint in (numbers := {int: (int,), float: (int, float), complex: (int, float, complex)}):
        return isinstance(value, numbers[hint]) and not isinstance(value, bool)
    is_open = hint is Any or not isinstance(hint, type) or getattr(hint, "_is_protocol", False)
    return is_open or isinstance(value, hint)


def _hole_fits_record(value: Any, hint: Any) -> bool:
    """Tell whether a value is a dictionary with the keys of a `TypedDict`."""
    hints = typing.get_type_hints(hint, include_extras=True)
    if not isinstance(value, dict) or not value.keys() <= hints.keys():
        return False
    # `__required_keys__` does not see what stands in a postponed annotation.
    origins = {key: typing.get_origin(part) for key, part in hints.items()}
    wanted = {key for key in hint.__required_keys__ if origins[key] is not typing.NotRequired}
    wanted |= {key for key, origin in origins.items() if origin is typing.Required}
    return wanted <= value.keys() and all(_hole_fits(item, hints[key]) for key, item in value.items())


def _hole_fits_inside(value: Any, origin: Any, parts: tuple[Any, ...]) -> bool:
    """Tell whether what a container holds is of the types between its brackets; an iterator is not touched."""
    if isinstance(value, Mapping) and len(parts) == 2:
        return all(_hole_fits(key, parts[0]) and _hole_fits(item, parts[1]) for key, item in value.items())
    if origin is tuple and parts[1:] != (...,):
        return len(value) == len(parts) and all(map(_hole_fits, value, parts))
    if isinstance(value, Collection) and not isinstance(value, str | bytes) and parts:
        return all(_hole_fits(item, parts[0]) for item in value)
    return True
