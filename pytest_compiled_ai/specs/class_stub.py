"""One class to compile: what it says itself, and the methods that it leaves to be written."""

from __future__ import annotations

import ast
from collections import Counter

from pytest_compiled_ai.specs.headers import first_line, header_of
from pytest_compiled_ai.specs.model import Method, Options, SpecLineError, Stub
from pytest_compiled_ai.specs.stub import is_unwritten, line_below_spec
from pytest_compiled_ai.specs.syntax import Function, clean_docstring, docstring_of, dotted_name, segment_of

_NEVER_WRITTEN = frozenset({"overload", "abstractmethod"})


def build_class(node: ast.ClassDef, options: Options, source: str, relative: str) -> Stub:
    """Return the record of one decorated class.

    Raises:
        SpecLineError: it leaves no method to be written, or the same one twice.
    """
    functions = _functions_to_write(node, relative)
    lines, at = source.split("\n"), line_below_spec(node, source) - 1
    methods: list[Method] = []
    for function in functions:
        before = _joined(lines[at : first_line(function) - 1])
        methods.append(Method(label_of(function), function, before, _head(function, source)))
        at = function.end_lineno or 0
    docstring = docstring_of(node.body)
    return Stub(
        id=f"{relative}::{node.name}",
        name=node.name,
        line=node.lineno,
        is_async=False,
        header=header_of(node, source, line_below_spec(node, source)),
        docstring="" if docstring is None else clean_docstring(docstring),
        docstring_source="" if docstring is None else segment_of(source, node.body[0]),
        options=options,
        node=node,
        methods=tuple(methods),
        rest=_joined(lines[at : node.end_lineno]),
    )


def label_of(function: Function) -> str:
    """Return what tells a method from the others of its class: its name, of a property's setter `name.setter`."""
    kinds = [item.attr for item in function.decorator_list if isinstance(item, ast.Attribute)]
    kind = next((kind for kind in kinds if kind in {"setter", "deleter"}), None)
    return f"{function.name}.{kind}" if kind else function.name


def is_method_stub(function: Function) -> bool:
    """Say whether a method has to be written; `pass` is a body, and an overload or an abstract method wants none."""
    names = {(dotted_name(item) or "").rpartition(".")[2] for item in function.decorator_list}
    is_hook = any(isinstance(statement, ast.Pass) for statement in function.body)
    return is_unwritten(function) and not is_hook and not names & _NEVER_WRITTEN


def _functions_to_write(node: ast.ClassDef, relative: str) -> list[Function]:
    found = [item for item in node.body if isinstance(item, Function)]
    functions = [item for item in found if is_method_stub(item)]
    if not functions:
        told = "leaves nothing to write: give a method a docstring and no body, or remove @spec."
        raise SpecLineError(relative, node.lineno, f"{node.name} {told}")
    times = Counter(label_of(item) for item in found if item in functions or not is_unwritten(item))
    for function in functions:
        if times[label_of(function)] > 1:
            raise SpecLineError(relative, function.lineno, f"{node.name} has {label_of(function)} twice; remove one.")
    return functions


def _head(function: Function, source: str) -> str:
    header = header_of(function, source, first_line(function))
    if docstring_of(function.body) is None:
        return header
    return f"{header}\n{indent_of(function, source)}{segment_of(source, function.body[0])}"


def indent_of(function: Function, source: str) -> str:
    """Return the white space that a method's body begins with."""
    return source.split("\n")[function.lineno - 1][: function.col_offset] + "    "


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
