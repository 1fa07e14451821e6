"""A body: the statements that a model wrote, cut out of its reply and put under what the spec says."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_compiled_ai.artifacts.module import Import
from pytest_compiled_ai.specs.class_stub import label_of
from pytest_compiled_ai.specs.model import Method, Stub
from pytest_compiled_ai.specs.syntax import Function

INDENT = "    "


class Refusal(Exception):
    """A reply that no candidate can be made of; the message says why, to people and to the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the model wrote: the statements, at the indentation of a module-level function, and imports beside them.

    Of a class, `methods` maps the label of each method to its statements as they stand in the class; `text` is all of
    them, and stands for any that `methods` leaves out.
    """

    text: str
    imports: tuple[Import, ...]
    methods: Mapping[str, str] = field(default_factory=dict)


def slice_body(code: str, function: Function, column: int = len(INDENT)) -> str:
    """Return the source of a function's statements after its docstring, comments included, indented by `column`."""
    lines = code.splitlines()
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not statements:
        raise Refusal(f"`{function.name}` has a docstring and no code. Write the body.")
    first, before = statements[0], function.body[0] if statements is not function.body else None
    decorators: list[ast.expr] = getattr(first, "decorator_list", [])
    line = min([first.lineno, *(decorator.lineno for decorator in decorators)])
    if before is not None and (before.end_lineno or 0) < line:
        start = before.end_lineno or 0
    else:
        start = line - 1
        while start > function.lineno and lines[start - 1].strip().startswith("#"):
            start -= 1
    chosen = lines[start : function.end_lineno]
    if start == line - 1:
        chosen[0] = " " * first.col_offset + lines[start].encode()[first.col_offset :].decode()
    return _indented("\n".join(chosen).strip("\n"), first.col_offset, column)


def splice(stub: Stub, body: str, methods: Mapping[str, str] | None = None) -> str:
    """Return the whole definition: what the spec wrote, with the body, or with a body for each method of a class."""
    if not stub.methods:
        return "".join(f"{part}\n" for part in (head_of(stub), body))
    written = methods or {}
    parts = [f"{m.before}{m.head}\n{written.get(m.label) or _indented(body, 0, column_of(m))}\n" for m in stub.methods]
    return "".join([*parts, stub.rest])


def head_of(stub: Stub) -> str:
    """Return what the spec wrote of a function, or of a class up to its first body, without a line end."""
    if stub.methods:
        return stub.methods[0].before + stub.methods[0].head
    docstring = f"\n{INDENT}{stub.docstring_source}" if stub.docstring_source else ""
    return stub.header + docstring


def column_of(method: Method) -> int:
    """Return the column at which the statements of a method stand."""
    return method.node.col_offset + len(INDENT)


def methods_in(node: ast.ClassDef) -> dict[str, Function]:
    """Return the methods of a class by their labels; the last of a label is the one that counts."""
    return {label_of(item): item for item in node.body if isinstance(item, Function)}


def statements_of(node: Function) -> list[str]:
    """Return the meaning of each statement of a body."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return [ast.dump(statement) for statement in body]


def parameters_in(node: Function) -> list[str]:
    """Return a function's parameters as they are called."""
    spelled = node.args
    starred = [f"*{arg.arg}" for arg in (spelled.vararg,) if arg] + [f"**{arg.arg}" for arg in (spelled.kwarg,) if arg]
    return [arg.arg for arg in (*spelled.posonlyargs, *spelled.args, *spelled.kwonlyargs)] + starred


def _indented(text: str, column: int, wanted: int) -> str:
    if column == wanted:
        return text
    return textwrap.indent(textwrap.dedent(text), " " * wanted)
