"""What a template takes from the constants of a spec file: a JSON schema, a fallback."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.schema import Schema
from pytest_compiled_ai.templates.shapes import Pairs, Record

SCHEMA: Final = "SCHEMA"
FALLBACK: Final = "FALLBACK"
_MARKS = frozenset({"properties", "type", "anyOf"})


def find_schemas(form: Form) -> dict[str, Schema]:
    """Return the JSON schemas for the dict that a function returns: those that its docstring names, else `SCHEMA`."""
    if not isinstance(form.result, Pairs) and not (isinstance(form.result, Record) and form.result.kind == "typed"):
        return {}
    words = set(re.findall(r"\w+", form.stub.docstring))
    found = {name: schema for name, value in form.constants.items() if (schema := _read(value)) is not None}
    return {name: found[name] for name in found if name in words} or {n: found[n] for n in found if n == SCHEMA}


def find_fallback(form: Form) -> str:
    """Return the name of what stands for a value that is not valid: a parameter `fallback`, or a constant; or ""."""
    if any(each.name == FALLBACK.lower() for each in form.parameters):
        return FALLBACK.lower()
    words = re.findall(r"\w+", form.stub.docstring)
    named = [name for name in form.constants if FALLBACK in name and (name in words or name == FALLBACK)]
    return named[0] if named else ""


def _read(value: Any) -> Schema | None:
    """Return a schema, out of the description of a tool that it may be part of."""
    for wrapper in ("function", "parameters"):
        if isinstance(value, Mapping) and isinstance(value.get(wrapper), Mapping) and "properties" not in value:
            value = value[wrapper]
    return value if isinstance(value, Mapping) and _MARKS & value.keys() else None
