"""A document in, a typed record out, with nothing in it that the document does not say."""

from __future__ import annotations

from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.shapes import Many, Record, Scalar, Shape, without_none

_PROMPT = (
    "It is an extractor. Find each field on its own: look for its label (`re.search`, with re.IGNORECASE), and take "
    "the text right behind it or on the next line. Convert a number or a date only after it was found, in a `try`. "
    "Every value has to stand in the document: never make one up. Where a field is not found, use None if its type "
    "allows that, else an empty text."
)


def find_misfit(form: Form) -> str:
    """Return what a stub lacks of "document in, record out"."""
    if len(form.required) != 1 or not _is_document(form.first):
        return "one parameter of type str or list[...]"
    if not isinstance(_item_of(without_none(form.result)), Record):
        return "a return type that is a dataclass, NamedTuple or TypedDict of a project module"
    return ""


def _is_document(shape: Shape | None) -> bool:
    return shape == Scalar(name="str") or (isinstance(shape, Many) and shape.kind == "list")


def _item_of(shape: Shape) -> Shape:
    return shape.items if isinstance(shape, Many) else shape


EXTRACTOR = Template(
    name="extractor",
    summary="document -> typed record, each value from the document",
    prompt=_PROMPT,
    modules=("layout", "dates", "money", "spans"),
    find_misfit=find_misfit,
    properties=("total", "unmodified", "valid", "grounded", "deterministic"),
)
