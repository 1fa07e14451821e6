"""The AST rules of the Berkeley Function Calling Leaderboard for one call, written anew.

Exactly one call of the right function; every required parameter; none beside the schema's and the answer's. A value
has the type that the schema names, or that of the accepted values: an integer may stand for a number, True never for
1. Texts are equal without spaces and `, . / - _ * ^`, in lower case, with ' as ". Lists are equal in order. What the
answer does not allow to be left out has to be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.function_calling.calls import LEFT_OUT, Call

TYPES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "float": float,
    "boolean": bool,
    "array": list,
    "tuple": list,
    "dict": dict,
    "any": str,
}
_IGNORED = re.compile(r"[ ,./\-_*^]")


def find_fault(call: Call, output: Sequence[Mapping[str, Mapping[str, Any]]]) -> str:
    """Return why an output is not what the set accepts, or "".

    Args:
        call: the request and its answer.
        output: the calls that were made, each a function's name and its arguments.
    """
    if len(output) != 1:
        return f"{len(output)} calls instead of one"
    if set(output[0]) != {call.name}:
        return f"the function is not {call.name}"
    return next(_faults(call, output[0][call.name]), "")


def standardize(text: str) -> str:
    """Return a text without what the set's comparison ignores."""
    return _IGNORED.sub("", text).lower().replace("'", '"')


def _faults(call: Call, given: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name} is required" for name in call.required if name not in given)
    for name, value in given.items():
        if name not in call.properties or name not in call.answer:
            yield f"{name} is not expected"
        elif not accepts(call.properties[name], value, call.answer[name]):
            yield f"{name} is {value!r}, not one of {call.answer[name]!r}"
    yield from (
        f"{name} is missing" for name, values in call.answer.items() if name not in given and LEFT_OUT not in values
    )


def accepts(schema: Mapping[str, Any], given: Any, accepted: Sequence[Any]) -> bool:
    """Tell whether a value is among the accepted ones, in a type that the schema or they have."""
    wanted = TYPES.get(schema["type"], object)
    value: Any = float(given) if wanted is float and type(given) is int else given
    kind: type = type(value)
    if kind is not wanted:
        return kind is _type_of(accepted) and value in accepted
    inner = TYPES.get(schema.get("items", {}).get("type", "")) if wanted is list else None
    if inner and not any(_has_types(value, inner, each) for each in accepted):
        return False
    # The set's own checker compares plainly where the answer is of another type than the schema says.
    if _type_of(accepted) not in (wanted, None):
        return value in accepted
    if wanted is dict:
        return any(_same_dict(value, each) for each in accepted if each != LEFT_OUT)
    if inner is dict:
        return any(_same_dicts(value, each) for each in accepted)
    if wanted is list:
        return _plain_items(value) in [_plain_items(each) for each in accepted]
    return _plain(value) in [_plain(each) for each in accepted]


def _type_of(accepted: Sequence[Any]) -> type | None:
    return next((type(each) for each in accepted if each != LEFT_OUT), None)


def _has_types(items: Sequence[Any], inner: type, accepted: Any) -> bool:
    """Tell whether the items of a list have the type of its schema, or that of an accepted list's first item."""
    return not isinstance(accepted, list) or all(type(item) in (inner, _type_of(accepted)) for item in items)


def _plain(value: Any) -> Any:
    return standardize(value) if isinstance(value, str) else value


def _plain_items(values: Sequence[Any]) -> list[Any]:
    return [_plain(value) for value in values]


def _same_dict(value: Any, accepted: Mapping[str, Sequence[Any]]) -> bool:
    return (
        isinstance(value, dict)
        and all(key in accepted and _plain(item) in _plain_items(accepted[key]) for key, item in value.items())
        and all(key in value or LEFT_OUT in values for key, values in accepted.items())
    )


def _same_dicts(value: Sequence[Any], accepted: Sequence[Any]) -> bool:
    return len(value) == len(accepted) and all(map(_same_dict, value, accepted))
