"""Whether a stub has the shape that its template wants: asked before the first prompt."""

from __future__ import annotations

from typing import NamedTuple

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.specs.model import SpecLineError
from pytest_compiled_ai.specs.syntax import Function
from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.catalogue import template_of
from pytest_compiled_ai.templates.form import Form, read_form


class Fit(NamedTuple):
    """A stub in its template."""

    template: Template
    form: Form


def fit_template(config: Config, subject: Subject) -> Fit | None:
    """Return a spec's template and what the template sees of it; None where the spec names none.

    Raises:
        SpecLineError: there is no such template, or the stub is none for it.
    """
    stub = subject.stub
    if not stub.options.template:
        return None
    template = template_of(stub)
    if not isinstance(stub.node, Function):
        said = f"template {template.name!r} is for functions, and {stub.name} is a class."
        raise SpecLineError(subject.file.relative, stub.line, said)
    form = read_form(config, subject)
    if misfit := template.find_misfit(form):
        said = f"{stub.name} is no {template.name} ({template.summary}): it needs {misfit}."
        raise SpecLineError(subject.file.relative, stub.line, said)
    return Fit(template, form)
