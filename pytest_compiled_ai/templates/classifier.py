"""A text in, one of a few labels out."""

from __future__ import annotations

from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.shapes import Listed, Members, Scalar

_PROMPT = (
    "It is a classifier. Work on the text in lower case (`casefold()`). Test the labels one after the other, the most "
    "special one first, each by the words and patterns that tell it from the others (`re.search` with `\\b` around "
    "whole words). Return a label for any text, an empty one, too; do not raise."
)


def find_misfit(form: Form) -> str:
    """Return what a stub lacks of "text in, label out"."""
    if len(form.required) != 1 or form.first != Scalar(name="str"):
        return "one parameter of type str"
    labels = form.result.values if isinstance(form.result, Listed) else ()
    is_listed = bool(labels) and all(isinstance(label, str) for label in labels)
    if not is_listed and not isinstance(form.result, Members):
        return "a return type that is an Enum of a project module, or a Literal of strings"
    return ""


CLASSIFIER = Template(
    name="classifier",
    summary="text -> one label of an Enum or a Literal",
    prompt=_PROMPT,
    modules=("enums",),
    find_misfit=find_misfit,
    properties=("total", "unmodified", "valid", "deterministic"),
)
