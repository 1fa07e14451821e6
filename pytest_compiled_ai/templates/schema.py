"""A JSON schema that a spec file holds as a constant, and whether a value keeps to it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

Schema = Mapping[str, Any]
_KINDS: Mapping[str, tuple[type, ...]] = {
    "array": (list, tuple), "boolean": (bool,), "integer": (int,), "null": (type(None),), "number": (float, int),
    "object": (dict,), "string": (str,),
}  # fmt: skip
_WORDS = frozenset({"$id", "$schema", "default", "description", "examples", "format", "title"})
"""What a schema says to people."""
_LISTS: Any = list | tuple
_FORMS: Mapping[str, Any] = {
    "additionalProperties": bool | Mapping, "anyOf": _LISTS, "const": object, "enum": _LISTS, "items": Mapping,
    "maxItems": int, "maxLength": int, "maximum": float | int, "minItems": int, "minLength": int,
    "minimum": float | int, "pattern": str, "properties": Mapping, "required": _LISTS, "type": str | _LISTS,
}  # fmt: skip
"""What stands behind each word that is checked."""


def find_unknown(schema: object, where: str = "") -> str:
    """Return the first thing in a schema that would not be checked, or ""."""
    if not isinstance(schema, Mapping):
        return f"{where or 'it'} is no object"
    for word, value in schema.items():
        if word not in _WORDS and not isinstance(value, _FORMS.get(word, ())):
            return f"{where}{word}"
        kinds = [value] if isinstance(value, str) else value
        if word == "type" and not (all(kind in _KINDS for kind in kinds)):
            return f"{where}type {value!r}"
    found = (find_unknown(inner, f"{where}{place}.") for place, inner in _inner(schema))
    return next(filter(None, found), "")


def _inner(schema: Schema) -> Iterator[tuple[str, object]]:
    yield from schema.get("properties", {}).items()
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield "additionalProperties", schema["additionalProperties"]
    if "items" in schema:
        yield "items", schema["items"]
    yield from ((f"anyOf[{n}]", each) for n, each in enumerate(schema.get("anyOf", ())))


def find_schema_fault(value: Any, schema: Schema) -> str:
    """Return what is wrong about a value, or "".

    A key that an object's schema does not list is wrong, unless `additionalProperties` allows it.
    """
    return next(_faults(value, schema), "")


def _faults(value: Any, schema: Schema) -> Iterator[str]:
    # Of another type, it breaks the other rules by that.
    if found := next(_check_type(value, schema.get("type", list(_KINDS)), schema), ""):
        yield found
    else:
        checks = [(word, given) for word, given in schema.items() if word in _CHECKS]
        yield from chain.from_iterable(_CHECKS[word](value, given, schema) for word, given in checks)
        yield from _missing(value, schema)


def _check_type(value: Any, given: Any, _: Schema) -> Iterator[str]:
    kinds = [given] if isinstance(given, str) else list(given)
    if not any(_is_of(value, kind) for kind in kinds):
        yield f"is {value!r}, not of the type {' or '.join(kinds)}"


def _is_of(value: Any, kind: str) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _check_enum(value: Any, given: Any, _: Schema) -> Iterator[str]:
    if not any(value == each and isinstance(value, bool) is isinstance(each, bool) for each in given):
        yield f"is {value!r}, none of {', '.join(map(repr, given))}"


def _check_properties(value: Any, given: Any, schema: Schema) -> Iterator[str]:
    for key, item in value.items() if isinstance(value, dict) else ():
        rest = schema.get("additionalProperties", False)
        if key in given:
            yield from _within(f"[{key!r}]", _faults(item, given[key]))
        elif isinstance(rest, Mapping):
            yield from _within(f"[{key!r}]", _faults(item, rest))
        elif not rest:
            yield f"has the key {key!r}, which the schema does not have"


def _check_rest(value: Any, _: Any, schema: Schema) -> Iterator[str]:
    return iter(()) if "properties" in schema else _check_properties(value, {}, schema)


def _missing(value: Any, schema: Schema) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"lacks the key {key!r}" for key in schema.get("required", ()) if key not in value)


def _check_items(value: Any, given: Any, _: Schema) -> Iterator[str]:
    for place, item in enumerate(value) if isinstance(value, list | tuple) else ():
        yield from _within(f"[{place}]", _faults(item, given))


def _check_any(value: Any, given: Any, _: Schema) -> Iterator[str]:
    found = [find_schema_fault(value, each) for each in given]
    if all(found):
        yield found[0]


def _check_pattern(value: Any, given: Any, _: Schema) -> Iterator[str]:
    if isinstance(value, str) and not re.search(given, value):
        yield f"is {value!r}, which does not match {given!r}"


def _check_bound(value: Any, given: Any, _: Schema, *, kind: Any, sign: int, word: str) -> Iterator[str]:
    if isinstance(value, kind) and not isinstance(value, bool):
        size = len(value) if hasattr(value, "__len__") else value
        if sign * size < sign * given:
            yield f"is {value!r}, and {word} {given} is wanted"


def _bound(kind: Any, sign: int, word: str) -> Callable[[Any, Any, Schema], Iterator[str]]:
    return functools.partial(_check_bound, kind=kind, sign=sign, word=word)


def _within(place: str, faults: Iterator[str]) -> Iterator[str]:
    yield from (f"{place}{fault}" if fault.startswith("[") else f"{place} {fault}" for fault in faults)


_CHECKS: Mapping[str, Callable[[Any, Any, Schema], Iterator[str]]] = {
    "additionalProperties": _check_rest,
    "anyOf": _check_any,
    "const": lambda value, given, schema: _check_enum(value, [given], schema),
    "enum": _check_enum,
    "items": _check_items,
    "maxItems": _bound(list, -1, "at most"),
    "maxLength": _bound(str, -1, "at most"),
    "maximum": _bound(float | int, -1, "at most"),
    "minItems": _bound(list, 1, "at least"),
    "minLength": _bound(str, 1, "at least"),
    "minimum": _bound(float | int, 1, "at least"),
    "pattern": _check_pattern,
    "properties": _check_properties,
    "type": _check_type,
}
