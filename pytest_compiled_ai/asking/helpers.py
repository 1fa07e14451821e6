"""What an artifact holds so that a body can ask: the question as a function, and the runtime below it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from pytest_compiled_ai.artifacts.module import Import, names_used
from pytest_compiled_ai.asking.declaration import Question, read_question
from pytest_compiled_ai.asking.replies import replies_name
from pytest_compiled_ai.specs.model import SpecFile, SpecLineError, Stub
from pytest_compiled_ai.specs.namespace import Namespace, namespace_of
from pytest_compiled_ai.templates.modules.catalogue import Helper, read_module

MODULE = "asking"
LIBRARIES = frozenset({"openai", "pydantic"})
"""The import names of what the copied runtime needs."""


def find_asked(file: SpecFile, stub: Stub, files: Iterable[SpecFile]) -> tuple[Helper, ...]:
    """Return the helpers by which a body of a stub can ask the question of its file; none where there is none.

    Raises:
        SpecLineError: the question cannot be asked as it is written, or needs what no artifact can have.
    """
    question = read_question(file)
    if question is None:
        return ()
    space = namespace_of(file, question.stub, files)
    imports = tuple(Import(module=i.module, name=i.name or None, bound=i.bound) for i in space.imports)
    _check_fallback(question, file, space)
    text = render_question(question, stub.options.runtime_model, replies_name(file))
    used = names_used(ast.parse(text))
    own = Helper(
        name=question.name,
        module=MODULE,
        text=text,
        imports=tuple(item for item in imports if item.bound in used),
        needs=("_ask_model",),
        is_offered=True,
    )
    return (*read_runtime(), own)


@cache
def read_runtime() -> tuple[Helper, ...]:
    """Return the runtime in its parts."""
    source = Path(__file__).with_name("runtime.py").read_text(encoding="utf-8")
    return tuple(replace(helper, is_offered=False) for helper in read_module(MODULE, source))


def render_question(question: Question, provider: str, recorded: str) -> str:
    """Return the function of an artifact that asks a question, below its mark.

    Args:
        question: the question.
        provider: the name of who is asked.
        recorded: where its replies are recorded, relative to the project's root.
    """
    given = ", ".join(f'"{name}": {name}' for name in question.parameters)
    parts = (
        question.name,
        f"{{{given}}}",
        question.fallback,
        f"provider={provider!r}",
        f"recorded={recorded!r}",
        f"timeout={question.timeout!r}",
    )
    call = "".join(f"        {part},\n" for part in parts)
    stub = question.stub
    return f"# helper {MODULE}\n{stub.header}\n    {stub.docstring_source}\n    return _ask_model(\n{call}    )"


def asked_in(helpers: Iterable[Helper]) -> Helper | None:
    """Return the question among the helpers of a spec, None where it may ask none."""
    return next((helper for helper in helpers if helper.module == MODULE and helper.is_offered), None)


def write_warming(helpers: Iterable[Helper]) -> str:
    """Return code that has pydantic load all that the answer of a question needs; a sealed worker can load no more."""
    asked = asked_in(helpers)
    if asked is None:
        return ""
    node = asked.node
    assert isinstance(node, ast.FunctionDef)
    assert node.returns
    return (
        "from typing import Any\nfrom pydantic import TypeAdapter, create_model\n"
        f'_form = create_model("Answer", answer=({ast.unparse(node.returns)}, ...))\n'
        "_form.model_json_schema()\n"
        'TypeAdapter(dict[str, Any]).dump_python({"": ""}, mode="json")\n'
    )


def _check_fallback(question: Question, file: SpecFile, space: Namespace) -> None:
    known = {item.bound for item in space.imports} | {item.name for item in space.constants}
    names = names_used(ast.parse(question.fallback)) if question.fallback else frozenset()
    defined = {getattr(node, "name", "") for node in file.tree.body}
    if bad := sorted(names & defined - known):
        said = f"the fallback of {question.name} names {bad[0]}, which an artifact cannot have; move it to a module."
        raise SpecLineError(file.relative, question.stub.line, said)
