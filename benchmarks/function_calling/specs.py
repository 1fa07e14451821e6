"""A task as a spec of this project: a stub that reads the arguments of a function out of a text, a schema, tests."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.codegen.problems import Problem
from benchmarks.function_calling.calls import Call
from benchmarks.function_calling.checker import TYPES
from benchmarks.function_calling.tasks import Task, expected

ENTRY = "read_arguments"
_KINDS = {
    "string": "string",
    "integer": "integer",
    "float": "number",
    "boolean": "boolean",
    "array": "array",
    "tuple": "array",
    "dict": "object",
}
_WORDING = (
    "Every request is worded as in the tests, with other values in the same places: find each value by the words "
    "around it."
)
_FREE = "Requests are worded in many ways: find each value by what it looks like and by the words next to it."
_NUMBERS = "Numbers may have any size, a minus sign and, where the type allows it, decimals."
_NAMES = "Names may have one word or several; copy them as the text spells them."
_OMIT = "Leave out what the text does not give."
_WIDTH = 110
_LONGEST = 240
"""Characters of a description: what a small model is told of one parameter."""


def write_problem(task: Task) -> Problem:
    """Return a task as a problem that can be compiled; it has no hidden tests, and no solution of its own."""
    tests = [_write_test(number, call) for number, call in enumerate(task.rows, 1)]
    parts = [
        f"from typing import Any\n\nfrom pytest_compiled_ai import spec\n\n{_render(write_schema(task))}",
        f'@spec(template="tool_call")\ndef {ENTRY}(text: str) -> dict[str, Any]:\n    """{describe(task)}\n    """',
        *tests,
    ]
    return Problem(name=task.name, entry=ENTRY, spec="\n\n\n".join(parts) + "\n", reference="")


def describe(task: Task) -> str:
    """Return the docstring: the function's own description, its parameters, and what holds for all requests."""
    call = task.own[0]
    types = {kind for schema in call.properties.values() for kind in _types_in(schema)}
    rules = [
        _FREE if task.is_group else _WORDING,
        _NUMBERS if types & {"integer", "float"} else "",
        _NAMES if "string" in types else "",
        _OMIT,
    ]
    parts = [
        f"Read the arguments of `{call.name}`, described in `SCHEMA`, out of a request in plain words.",
        f"`{call.name}`: {_clip(call.function.get('description', ''))}",
        " ".join(filter(None, rules)),
        "Raises:\n    ValueError: an argument cannot be read.",
    ]
    filled = "\n\n".join(_fill(part) for part in parts).replace("\\", "\\\\").replace('"""', "'''")
    return textwrap.indent(filled, "    ").strip()


def write_schema(task: Task) -> dict[str, Any]:
    """Return the JSON schema of the arguments; what the set's own answers do not keep to is left out of it.

    It requires nothing: a text that lacks a value has no right answer, so a body may leave the value out, or raise.
    """
    call, answers = task.own[0], [expected(row) for row in task.rows]
    properties = {}
    for name, schema in call.properties.items():
        plain = _convert(schema)
        values = [answer[name] for answer in answers if name in answer]
        if not all(type(value) in (TYPES.get(schema["type"], object), int) for value in values):
            plain.pop("type", "")
        if any(value not in plain.get("enum", [value]) for value in values):
            # Texts compare without case; where a request spells an option otherwise, the list is told and not checked.
            options = ", ".join(map(str, plain.pop("enum")))
            plain["description"] = f"{plain.get('description', '')} One of: {options}.".strip()
        properties[name] = plain
    return {"type": "object", "properties": properties}


def _convert(schema: Mapping[str, Any]) -> dict[str, Any]:
    kind = _KINDS.get(schema.get("type", ""), "")
    plain: dict[str, Any] = {"type": kind} if kind else {}
    if "enum" in schema:
        plain["enum"] = list(schema["enum"])
    if "items" in schema:
        plain["items"] = _convert(schema["items"])
    if text := _clip(schema.get("description", "")):
        plain["description"] = text
    # The members of an object are told, and not checked: the answers of the set do not keep to them.
    if members := schema.get("properties"):
        plain["description"] = _clip(f"{plain.get('description', '')} Keys: {', '.join(members)}.")
    return plain | ({"additionalProperties": True} if kind == "object" else {})


def _render(schema: Mapping[str, Any]) -> str:
    """Return a schema as Python, a line for each property."""
    lines = "".join(f"        {name!r}: {each!r},\n" for name, each in schema["properties"].items())
    return f'SCHEMA: dict[str, Any] = {{\n    "type": "object",\n    "properties": {{\n{lines}    }},\n}}'


def _types_in(schema: Mapping[str, Any]) -> Iterator[str]:
    yield schema.get("type", "")
    if "items" in schema:
        yield from _types_in(schema["items"])


def _write_test(number: int, call: Call) -> str:
    """Return the test of one call; the first of a spec checks the types, too."""
    answer = expected(call)
    header, types = f"def test_{number}() -> None:", list(_check_types(answer)) if number == 1 else []
    if not types:
        return f"{header}\n    assert {ENTRY}({call.text!r}) == {answer!r}"
    return "\n    ".join([header, f"found = {ENTRY}({call.text!r})", f"assert found == {answer!r}", *types])


def _check_types(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield statements about types that `==` does not tell: 1.0 equals 1, and a schema's number may be an integer."""
    for name, value in answer.items():
        if type(value) is int:
            yield f'assert type(found["{name}"]) is int'
        elif isinstance(value, list) and value and all(type(each) is float for each in value):
            yield f'assert all(type(each) is float for each in found["{name}"])'


def _clip(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST].rpartition(" ")[0] + " ..."


def _fill(text: str) -> str:
    return "\n".join(textwrap.fill(line, _WIDTH) if line[:1] != " " else line for line in text.split("\n"))
