"""The templates that put a function into a scaffold, and what their stubs have to be like."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from pytest_compiled_ai.specs.model import SpecFile, SpecLineError, Stub
from pytest_compiled_ai.specs.scopes import bound_names
from pytest_compiled_ai.templates.base import Template
from pytest_compiled_ai.templates.scaffold import SCAFFOLDS, Scaffold, render_scaffold, scaffold_of

HANDLER = Template(
    name="handler",
    summary="arguments -> answer, in a handler that never raises",
    prompt="It is called once for each event. Raise what the docstring says for arguments that have no answer.",
    scaffold=SCAFFOLDS["handler"],
)
STREAM = Template(
    name="stream",
    summary="item -> answer, for a stream of items",
    prompt="It is called with one item of a stream at a time, and keeps nothing between two calls.",
    scaffold=SCAFFOLDS["stream"],
)
BATCH = Template(
    name="batch",
    summary="item -> answer, for a batch that can be resumed",
    prompt="It is called with one item of a batch at a time, and keeps nothing between two calls.",
    scaffold=SCAFFOLDS["batch"],
)


def check_scaffold(file: SpecFile, stub: Stub) -> None:
    """Make sure that a stub fits into the scaffold of its template, and its file leaves the scaffold its names.

    Raises:
        SpecLineError: it does not.
    """
    scaffold = scaffold_of(stub.options.template)
    if scaffold is None:
        return
    said = f"template {stub.options.template!r}"
    if misfit := find_misfit(scaffold, stub.node):
        raise SpecLineError(file.relative, stub.line, f"{said} wants {misfit}: see {stub.name}.")
    assert isinstance(stub.node, ast.FunctionDef)
    names = render_scaffold(scaffold, stub.node).definitions.keys() | scaffold.builtins
    if clash := sorted(names & bound_names(*(node for node in file.tree.body if not _is_own_import(node, file)))):
        told = f"{said} needs the name {clash[0]} for the code around {stub.name}; give the other one another name."
        raise SpecLineError(file.relative, stub.line, told)


def _is_own_import(node: ast.stmt, file: SpecFile) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == file.target_module


def find_misfit(scaffold: Scaffold, node: Any) -> str:
    """Return what a stub lacks for a scaffold, "" where it lacks nothing."""
    if not isinstance(node, ast.FunctionDef):
        return "a plain function, neither async nor a class"
    if getattr(node, "type_params", ()):
        return "a function without type parameters"
    if ast.unparse(node.returns or ast.Name("Any")).partition("[")[0].rpartition(".")[2] in {"Iterator", "Generator"}:
        return "a function that returns its answer, and is no generator"
    if isinstance(node.returns, ast.Constant) and node.returns.value is None:
        return "a function that returns something"
    if misfit := (_find_no_item if scaffold.takes_item else _find_no_names)(node.args):
        return misfit
    quoted = [given for given in _annotations(node) if isinstance(given, ast.Constant) and isinstance(given.value, str)]
    if quoted:
        return f"annotations without quotes, and {ast.unparse(quoted[0])} has some"
    return f"another name for {node.name}, which it uses itself" if node.name in scaffold.reserved else ""


def _find_no_item(args: ast.arguments) -> str:
    places = [*args.posonlyargs, *args.args]
    required = len(places) - len(args.defaults) + args.kw_defaults.count(None)
    return "" if places and len(args.defaults) < len(places) and required == 1 else "one parameter without a default"


def _find_no_names(args: ast.arguments) -> str:
    is_named = not args.posonlyargs and args.vararg is None and args.kwarg is None
    return "" if is_named else "parameters that can be given by name"


def _annotations(node: ast.FunctionDef) -> Iterator[ast.expr | None]:
    yield from (arg.annotation for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
    yield node.returns
