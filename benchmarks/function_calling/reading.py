"""Which kind of value a part of an answer is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from benchmarks.function_calling.checker import standardize
from benchmarks.function_calling.dates import find_forms
from benchmarks.function_calling.lists import OPPOSITES
from benchmarks.function_calling.plain_values import Day, Flag, Number
from benchmarks.function_calling.texts import Text
from benchmarks.function_calling.values import Value

_QUOTED = re.compile(r"""['"`\u2018]([^'"`\u2019]{1,40})['"`\u2019]""")


def read_value(value: Any, name: str, schema: Mapping[str, Any]) -> Value | None:
    """Return what is to be looked for in a text, or nothing where a value cannot stand there.

    Args:
        value: a number or a text of an answer.
        name: the parameter's name.
        schema: its schema.
    """
    about = f"{name} {schema.get('description', '')}"
    if isinstance(value, bool):
        return next((Flag(value, pair) for pair in OPPOSITES if any(word in about for word in pair)), None)
    if not isinstance(value, int | float | str):
        return None
    whole = schema.get("items", schema)["type"] == "integer"
    if not isinstance(value, str):
        return Number(Decimal(repr(value)), False, whole or (isinstance(value, int) and schema["type"] != "float"))
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?", value):
        return Number(Decimal(value), True, "." not in value)
    for form, day in find_forms(value):
        return Day(day, form)
    return Text(value, about, read_options(value, schema))


def read_options(value: str, schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a schema says that a text may be, if it is one of these: its enum, or the words that it quotes."""
    listed = schema.get("enum") or schema.get("items", {}).get("enum") or _QUOTED.findall(schema.get("description", ""))
    options = tuple(dict.fromkeys(each for each in listed if isinstance(each, str)))
    same = [each for each in options if standardize(each) == standardize(value)]
    return options if same and len(options) > 1 else ()
