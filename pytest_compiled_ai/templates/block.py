"""What a model is told of a template: how to go about such a function, and what its types hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import indent

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.templates.contract import find_fallback, find_schemas
from pytest_compiled_ai.templates.examples import Example
from pytest_compiled_ai.templates.fitting import Fit, fit_template
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.shapes import Members, Record, Shape, walk_shape

_SKETCH = "A body, written by what stands beside the values in the tests:"
_ALL_READ = "These lines read all values of the tests below: copy them as they are, every index and every word."
_UNREAD = "These lines do not read {keys} in all tests: write others for that, and copy these as they are."
_SHOWN = re.compile(rf"{re.escape(_SKETCH)}\n\n```python\n(?P<lines>.*?)[^\n]*\n```", re.DOTALL)


def describe_template(config: Config, subject: Subject, examples: Sequence[Example] = ()) -> str:
    """Return what a prompt says of a spec's template, "" where it names none; `examples` are those that it shows.

    Raises:
        SpecLineError: the stub does not fit its template.
    """
    fit = fit_template(config, subject)
    return write_block(fit, examples) if fit else ""


def write_block(fit: Fit, examples: Sequence[Example] = ()) -> str:
    """Return the paragraph for the prompt; the constants that it names have to be shown, too.

    A template's text names them by `{schema}` and `{fallback}`.
    """
    schema = next((f"`{name}`" for name in find_schemas(fit.form)), "its return type")
    told = fit.template.prompt.replace("{schema}", schema).replace("{fallback}", f"`{find_fallback(fit.form)}`")
    return "\n".join(part for part in (told, *_show_sketch(fit, examples), *_describe_types(fit.form)) if part)


def find_sketch(prompt: str) -> str:
    """Return the lines that a prompt shows as a body, without the last one, its `return`; "" where it shows none."""
    shown = _SHOWN.search(prompt)
    return shown["lines"] if shown else ""


def _show_sketch(fit: Fit, examples: Sequence[Example]) -> Iterator[str]:
    code, unread = fit.template.sketch(fit.form, examples)
    if code:
        keys = " and ".join(f"`{key}`" for key in unread)
        told = _UNREAD.format(keys=keys) if unread else _ALL_READ
        yield f"\n{_SKETCH}\n\n```python\n{indent(code, '    ')}\n```\n\n{told if examples else ''}".rstrip()


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
