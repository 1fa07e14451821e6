"""What a model is told of a template: how to go about such a function, and what its types hold."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.templates.contract import find_fallback, find_schemas
from pytest_compiled_ai.templates.fitting import Fit, fit_template
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.shapes import Members, Record, Shape, walk_shape


def describe_template(config: Config, subject: Subject) -> str:
    """Return what a prompt says of a spec's template, "" where it names none.

    Raises:
        SpecLineError: the stub does not fit its template.
    """
    fit = fit_template(config, subject)
    return write_block(fit) if fit else ""


def write_block(fit: Fit) -> str:
    """Return the paragraph for the prompt; the constants that it names have to be shown, too.

    A template's text names them by `{schema}` and `{fallback}`.
    """
    schema = next((f"`{name}`" for name in find_schemas(fit.form)), "its return type")
    told = fit.template.prompt.replace("{schema}", schema).replace("{fallback}", f"`{find_fallback(fit.form)}`")
    return "\n".join(part for part in (told, *_describe_types(fit.form)) if part)


def _describe_types(form: Form) -> Iterator[str]:
    shapes = [*(each.shape for each in form.parameters), form.result]
    told = dict.fromkeys(filter(None, (_describe(part) for shape in shapes for part in walk_shape(shape))))
    if told:
        yield "\n".join(["The types, which exist already:", *(f"- {line}" for line in told)])


def _describe(shape: Shape) -> str:
    match shape:
        case Members():
            return ", ".join(f"`{shape.name}.{name}` = {value}" for name, value in shape.members)
        case Record(kind="typed"):
            return f"`{shape.name}`, a dict: " + ", ".join(f"{f.name!r}: {f.text}" for f in shape.fields)
        case Record():
            given = (f"{f.name}: {f.text}{f' = {f.default}' if f.default else ''}" for f in shape.fields)
            return f"`{shape.name}({', '.join(given)})`"
    return ""
