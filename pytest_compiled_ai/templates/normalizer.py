"""A record in, the same facts in one agreed form out."""

from __future__ import annotations

from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.shapes import Pairs, Record, Shape, without_none

_PROMPT = (
    "It is a normalizer. Make a new record, field by field, and leave the given one as it is (dataclasses.replace, "
    "or a new dict). Any text may stand in a field, an empty one, too: keep what cannot be normalized as it is, and do "
    "not raise."
)


def find_misfit(form: Form) -> str:
    """Return what a stub lacks of "record in, record out"."""
    if len(form.required) != 1 or form.first is None or not _is_record(form.first):
        return "one parameter that is a dataclass, NamedTuple or TypedDict of a project module, or a dict"
    if not _is_record(without_none(form.result)):
        return "a return type that is a dataclass, NamedTuple or TypedDict of a project module, or a dict"
    return ""


def _is_record(shape: Shape) -> bool:
    return isinstance(shape, Record | Pairs)


NORMALIZER = Template(
    name="normalizer",
    summary="record -> record in one agreed form",
    prompt=_PROMPT,
    modules=("dates", "money", "quantities", "enums"),
    find_misfit=find_misfit,
    properties=("total", "unmodified", "valid", "deterministic"),
)
