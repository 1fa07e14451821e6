"""From the text of a completed function back to a body, with the imports that its annotations need."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pytest_compiled_ai.artifacts.module import Import, Section, names_used
from pytest_compiled_ai.compiler.assembly import cut_body
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.compiler.missing_imports import add_imports
from pytest_compiled_ai.gates.base import Subject

_ABSTRACT: Final = frozenset({"AsyncIterator", "Callable", "Generator", "Iterable", "Iterator", "Mapping", "Sequence"})


def complete_body(body: Body, text: str, subject: Subject) -> Body:
    """Return the body that a definition has in its completed text.

    Args:
        body: as it was.
        text: the whole definition, with more annotations.
        subject: the spec that it is for.
    """
    completed = cut_body(Section(name=subject.stub.name, text=text, digest="", body_hash=""), subject.stub, ())
    assert completed is not None
    bound = {item.bound for item in (*subject.imports, *body.imports)} | subject.constants.keys()
    return add_imports(replace(completed, imports=(*body.imports, *_new_imports(text, bound))), subject)


def _new_imports(text: str, bound: set[str]) -> Iterator[Import]:
    for name in sorted((names_used(ast.parse(text)) & _ABSTRACT) - bound - set(dir(builtins))):
        yield Import(module="collections.abc", name=name, bound=name)
