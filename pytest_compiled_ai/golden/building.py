"""Values of a signature's types, made of JSON; it runs where the project's types can be imported."""

from __future__ import annotations

import json
import types
import typing
from collections import abc
from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, Final, Literal

from pytest_compiled_ai.golden.records import build_record
from pytest_compiled_ai.golden.scalars import SCALARS, UnfitError, expect, within

_LISTS: Final[Collection[Any]] = (
    abc.AsyncGenerator, abc.AsyncIterable, abc.AsyncIterator, abc.Collection, abc.Generator, abc.Iterable, abc.Iterator,
    abc.MutableSequence, abc.Sequence, list,
)  # fmt: skip
_SETS: Final[Mapping[Any, type]] = {abc.Set: set, abc.MutableSet: set, set: set, frozenset: frozenset}
_DICTS: Final[Collection[Any]] = (abc.Mapping, abc.MutableMapping, dict)


def build(value: Any, hint: Any) -> Any:
    """Return the value of a type that a JSON value stands for.

    Dates and times are ISO 8601, a span of time is its seconds, a decimal or a fraction a number or a text, a member of
    an enum its value or its name, a record an object, a named tuple a list or an object, an iterator a list. What has
    no annotation stays as it is. Of a union the type that the JSON value has anyway goes first, then each in turn.

    Raises:
        UnfitError: it stands for no value of the type, or JSON can stand for none.
    """
    hint = _plain(hint)
    kind, inner = typing.get_origin(hint) or hint, typing.get_args(hint)
    if hint is Any or hint is object or isinstance(hint, typing.TypeVar):
        return value
    if kind is Literal:
        return _one_of(value, inner)
    if kind is typing.Union or kind is types.UnionType:
        return _build_any(value, inner)
    if kind in _LISTS:
        return _items(value, inner)
    if kind in _SETS:
        return _set(value, _SETS[kind], inner)
    if kind is tuple:
        return _tuple(value, inner)
    if kind in _DICTS:
        key, item = inner or (Any, Any)
        return {_key(text, key): within("[...]", build, each, item) for text, each in expect(value, dict).items()}
    return SCALARS[kind](value) if kind in SCALARS else build_record(value, kind, build)


def _plain(hint: Any) -> Any:
    if hint is None:
        return type(None)
    if typing.get_origin(hint) in {typing.Annotated, typing.Required, typing.NotRequired}:
        return _plain(typing.get_args(hint)[0])
    # A NewType, and an alias that a `type` statement makes.
    for name in ("__supertype__", "__value__"):
        if name in vars(type(hint)) or name in getattr(hint, "__dict__", ()):
            return _plain(getattr(hint, name))
    return hint


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    for each in allowed:
        named = each.name if isinstance(each, Enum) else each
        if type(value) is type(named) and value == named:
            return each
    raise UnfitError("is none of the values that its annotation lists")


def _build_any(value: Any, hints: tuple[Any, ...]) -> Any:
    exact = [hint for hint in hints if _plain(hint) is type(value)]
    for hint in (*exact, *hints):
        try:
            return build(value, hint)
        except UnfitError:
            continue
    raise UnfitError("fits no member of its union")


def _items(value: Any, inner: tuple[Any, ...]) -> list[Any]:
    hint = inner[0] if inner else Any
    return [within(f"[{number}]", build, item, hint) for number, item in enumerate(expect(value, list))]


def _set(value: Any, kind: type, inner: tuple[Any, ...]) -> Any:
    try:
        return kind(_items(value, inner))
    except TypeError:
        raise UnfitError("has items that no set can hold") from None


def _tuple(value: Any, inner: tuple[Any, ...]) -> tuple[Any, ...]:
    if not inner or inner[1:] == (...,):
        return tuple(_items(value, inner))
    if len(expect(value, list)) != len(inner):
        raise UnfitError(f"is no list of {len(inner)} items")
    pairs = enumerate(zip(value, inner, strict=True))
    return tuple(within(f"[{number}]", build, item, hint) for number, (item, hint) in pairs)


def _key(text: str, hint: Any) -> Any:
    try:
        return build(text, hint)
    except UnfitError:
        try:
            # An object's keys are texts, whatever a dict's are.
            return build(json.loads(text), hint)
        except ValueError:
            raise UnfitError("has a key that does not fit its annotation") from None
