"""Generators: what a spec's annotation asks for, and whether a body yields."""

from __future__ import annotations

import ast

from pytest_compiled_ai.compiler.body import Refusal
from pytest_compiled_ai.placeholder import is_async_generator, return_kind
from pytest_compiled_ai.sandbox.oracle.yields import find_functions
from pytest_compiled_ai.specs.syntax import Function

_GENERATORS = frozenset({"Iterator", "Generator", "AsyncIterator", "AsyncGenerator"})


def is_generator(function: Function) -> bool:
    """Tell whether a function hands out its values one by one, as its annotation says."""
    return return_kind(function) in _GENERATORS


def check_yield(given: Function, wanted: Function) -> None:
    """Make sure that what has to be an async generator is one: without a `yield` it would be a coroutine.

    An ordinary function may return an iterator that it has from elsewhere.

    Raises:
        Refusal: it does not yield.
    """
    if is_async_generator(wanted) and not find_functions(ast.unparse(given))[given.name]:
        raise Refusal(f"the body of `{given.name}` must `yield` its values.")
