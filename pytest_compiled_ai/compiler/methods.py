"""The bodies of a class's methods, cut out of the class that a reply defines: these, and nothing else of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from pytest_compiled_ai.compiler.body import (
    Refusal,
    column_of,
    methods_in,
    parameters_in,
    slice_body,
    splice,
    statements_of,
)
from pytest_compiled_ai.compiler.yields import check_yield
from pytest_compiled_ai.specs.class_stub import is_method_stub
from pytest_compiled_ai.specs.model import Stub
from pytest_compiled_ai.specs.scopes import bound_names
from pytest_compiled_ai.specs.syntax import Function


def cut_methods(code: str, node: ast.ClassDef, stub: Stub) -> Mapping[str, str]:
    """Return the bodies that a reply's class has for the methods of a stub, by their labels.

    Raises:
        Refusal: one is missing, has no body or other parameters; or the class holds more than the spec's.
    """
    _refuse_additions(node, stub)
    given = methods_in(node)
    for method in stub.methods:
        if method.label not in given:
            raise Refusal(f"the reply leaves out `{stub.name}.{method.label}`; write all of the methods.")
        if is_method_stub(given[method.label]):
            raise Refusal(f"`{stub.name}.{method.label}` has no code. Write the body.")
        _check_parameters(given[method.label], method.node, f"{stub.name}.{method.label}")
        check_yield(given[method.label], method.node)
    bodies = {m.label: slice_body(code, given[m.label], column_of(m)) for m in stub.methods}
    _check_splice(bodies, given, stub)
    return bodies


def _refuse_additions(node: ast.ClassDef, stub: Stub) -> None:
    """Refuse what the spec's class does not have: it would not be taken over, and what is taken might need it."""
    assert isinstance(stub.node, ast.ClassDef)
    known = methods_in(stub.node)
    for label in methods_in(node):
        if label not in known:
            told = "write no method that the class does not have; put helpers inside a method"
            raise Refusal(f"the reply adds `{label}` to `{stub.name}`; {told}.")
    for name in sorted(bound_names(*node.body) - bound_names(*stub.node.body)):
        told = "use the attributes that are there; put what a method needs inside the method"
        raise Refusal(f"the reply adds `{name}` to `{stub.name}`; {told}.")


def _check_parameters(given: Function, wanted: Function, name: str) -> None:
    expected, found = parameters_in(wanted), parameters_in(given)
    if expected != found:
        raise Refusal(f"the parameters of `{name}` are {', '.join(expected)}, not {', '.join(found) or 'none'}.")


def _check_splice(bodies: Mapping[str, str], given: Mapping[str, Function], stub: Stub) -> None:
    try:
        tree = ast.parse(splice(stub, "", bodies))
    except SyntaxError as error:
        raise Refusal(f"a body does not fit under its signature ({error.msg}); indent by four spaces.") from None
    node = tree.body[0]
    assert isinstance(node, ast.ClassDef)
    spliced = methods_in(node)
    is_whole = len(tree.body) == 1 and len(node.body) == len(stub.node.body)
    if not is_whole or any(statements_of(spliced[label]) != statements_of(given[label]) for label in bodies):
        raise Refusal("indent the class by four spaces, and the bodies of its methods by eight.")
