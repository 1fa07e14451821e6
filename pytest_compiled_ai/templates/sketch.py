"""How a body that reads the arguments of a call may begin: lines of its own for each key of the schema.

A small model fills in a form better than it plans one. The helper and the words for a key are those that read its value
in the examples that the model is shown anyway.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pytest_compiled_ai.templates.guesses import find_constant, find_words_of_true, guess_ways
from pytest_compiled_ai.templates.schema import Schema
from pytest_compiled_ai.templates.ways import MISSING, Rows, Way, count_read


class Sketch(NamedTuple):
    """The lines of a body, and the keys whose values they do not read in every example."""

    code: str = ""
    unread: tuple[str, ...] = ()


def sketch_arguments(
    schema: Schema, text: str, annotation: str, examples: Sequence[tuple[str, Mapping[str, Any]]]
) -> Sketch:
    """Return how a body may begin.

    Args:
        schema: an object's, with `properties`.
        text: the name of the parameter that is read.
        annotation: the type of the result, as it is written.
        examples: texts, and what is to be read out of them.
    """
    lines, unread = [f"result: {annotation} = {{}}"], []
    for key, inner in schema["properties"].items():
        rows = [(given, result.get(key, MISSING)) for given, result in examples]
        found = list(_write(key, inner, rows, text))
        lines += filter(None, found)
        if not found:
            unread.append(key)
    return Sketch("\n".join([*lines, "return result"]), tuple(unread))


def _write(key: str, schema: Schema, rows: Rows, text: str) -> Iterator[str]:
    """Yield the lines that read a key in all examples; none where nothing does, an empty one where none has it."""
    if rows and all(value is MISSING for _, value in rows):
        yield ""
    elif ways := _choose(key, schema, rows):
        yield from _write_ways(ways, key, text)
    elif schema.get("type") == "boolean" and (word := find_words_of_true(schema, rows)):
        yield from _write_boolean(key, word, rows, text)
    elif (constant := find_constant(rows)) is not MISSING:
        yield f"result[{key!r}] = {constant!r}"


def _choose(key: str, schema: Schema, rows: Rows) -> list[Way]:
    """Return the first way that reads all rows; behind one that goes by words those for texts of another wording."""
    right = [way for way in guess_ways(key, schema, rows) if count_read([way], rows) == len(rows)]
    if not right or not rows:
        return right[:1]
    ways = right[:1]
    for way in right[1:]:
        is_wider = way.breadth > ways[-1].breadth and way.kind == ways[0].kind and way.is_alike(ways[0])
        if is_wider and count_read([*ways, way], rows) == len(rows):
            ways.append(way)
    return ways


def _write_ways(ways: Sequence[Way], key: str, text: str) -> Iterator[str]:
    first, *rest = ways
    name = _variable(key, text)
    yield f"{name} = {first.write(text)}"
    for way in rest:
        yield f"if {name} is None:" if first.is_number else f"if not {name}:"
        yield f"    {name} = {way.write(text)}"
    yield f"if {name} is not None:" if first.is_number else f"if {name}:"
    yield f"    result[{key!r}] = {first.write_value(name)}"


def _write_boolean(key: str, word: str, rows: Rows, text: str) -> Iterator[str]:
    if any(value is False for _, value in rows):
        yield f"result[{key!r}] = {word!r} in {text}.lower()"
    else:
        yield f"if {word!r} in {text}.lower():"
        yield f"    result[{key!r}] = True"


def _variable(key: str, text: str) -> str:
    name = re.sub(r"\W", "_", key).lower()
    is_free = name.isidentifier() and not keyword.iskeyword(name) and name not in {text, "result"}
    return name if is_free else f"the_{name}"
