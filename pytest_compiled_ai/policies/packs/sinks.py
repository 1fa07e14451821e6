"""Where a body says something to others than its caller: logs, the terminal, warnings, audit records."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pytest_compiled_ai.policies.packs.calls import read_calls
from pytest_compiled_ai.policies.packs.reading import Reading
from pytest_compiled_ai.policies.packs.words import is_log, names_in

_LEVELS = names_in("critical debug emit error exception fatal handle info log notice record trace warn warning write")
_SAYS = re.compile(
    r"print|pprint\.(?:pp|pprint)|warnings\.(?:warn|warn_explicit)|logging\..*|structlog\..*|loguru\..*|syslog\..*"
    r"|sys\.(?:stdout|stderr|__stdout__|__stderr__)\..*|traceback\.print_\w+"
)
_NUMBERS = frozenset({"cmath", "decimal", "jax", "math", "numpy", "scipy", "torch"})
"""Modules whose `log` is a logarithm."""


def is_outlet(argument: ast.arg) -> bool:
    """Tell whether a parameter is a way to say something, and no data: by its name, or by its type."""
    written = "" if argument.annotation is None else ast.unparse(argument.annotation)
    return is_log(argument.arg) or "Logger" in written


def says_out(name: str) -> bool:
    """Tell whether calling what has this dotted name logs, prints, warns or records."""
    if _SAYS.fullmatch(name):
        return True
    first, *rest = name.removeprefix("@").replace("()", "").split(".")
    if first in _NUMBERS:
        return False
    last = rest[-1] if rest else first
    if is_log(last):
        return True
    return last in _LEVELS and any(map(is_log, (first, *rest[:-1])))


def find_said(reading: Reading) -> Iterator[tuple[ast.Call, str, list[ast.expr]]]:
    """Yield each call that says something, with the name of what says it and the values that it may say.

    A function that is handed on, as in `map(print, rows)`, may say whatever is handed on with it.
    """
    for node in reading.nodes:
        if not isinstance(node, ast.Call):
            continue
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        for function in (node.func, *given):
            said = sorted(name for name in read_calls(reading).origins(function) if says_out(name))
            if said:
                yield node, ast.unparse(function), [value for value in given if value is not function]
                break
