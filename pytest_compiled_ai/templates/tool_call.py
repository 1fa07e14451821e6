"""A text in, the arguments of a call out, as a JSON schema wants them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.contract import SCHEMA, find_schemas
from pytest_compiled_ai.templates.examples import Example, texts_and_results
from pytest_compiled_ai.templates.form import Form
from pytest_compiled_ai.templates.schema import find_unknown
from pytest_compiled_ai.templates.shapes import Pairs, Record, Scalar
from pytest_compiled_ai.templates.sketch import Sketch, sketch_arguments

_PROMPT = (
    "It takes the arguments of a call out of a text. Write lines of their own for each of the keys of {schema}; do not "
    "loop over them. Get the value of a key with a function above that fits, or with `re.search` and the words next to "
    "it, and put it into the result only where it was found (is not None, not empty), converted to the key's type."
)


def sketch_body(form: Form, examples: Sequence[Example]) -> Sketch:
    """Return lines for each key of the schema; none for a TypedDict, whose keys have to be there at once."""
    schema, node = next(iter(find_schemas(form).values()), {}), form.stub.node
    if isinstance(node, ast.ClassDef) or node.returns is None or not isinstance(form.result, Pairs):
        return Sketch()
    if "properties" not in schema:
        return Sketch()
    texts = texts_and_results(examples)
    return sketch_arguments(schema, form.parameters[0].name, ast.unparse(node.returns), texts)


def find_misfit(form: Form) -> str:
    """Return what a stub lacks of "text in, arguments out"."""
    if len(form.required) != 1 or form.first != Scalar(name="str"):
        return "one parameter of type str"
    is_typed = isinstance(form.result, Record) and form.result.kind == "typed"
    if not is_typed and not (isinstance(form.result, Pairs) and form.result.keys == Scalar(name="str")):
        return "the return type dict[str, Any], or a TypedDict of a project module"
    schemas = find_schemas(form)
    if len(schemas) > 1:
        return f"one JSON schema, and the docstring names {' and '.join(schemas)}"
    if not schemas:
        return "" if is_typed else f"a JSON schema: a constant {SCHEMA} = {{...}}, or one that the docstring names"
    ((name, schema),) = schemas.items()
    unknown = find_unknown(schema)
    return f"a JSON schema that can be checked, and {unknown} of {name} cannot" if unknown else ""


TOOL_CALL = Template(
    name="tool_call",
    summary="text -> arguments for a JSON schema",
    prompt=_PROMPT,
    sketch=sketch_body,
    modules=("numbers", "quantities", "dates", "money", "enums", "spans"),
    find_misfit=find_misfit,
    properties=("total", "unmodified", "valid", "deterministic"),
)
