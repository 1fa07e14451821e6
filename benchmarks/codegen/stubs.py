"""The stub of a problem: its signature with types, and the set's own words as its docstring."""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import textwrap
from typing import Any

from benchmarks.codegen.annotations import Seen, annotate

_WIDTH = 100


def write_documented(function: ast.FunctionDef, prompt: str, solved: str, seen: Seen) -> str:
    """Return the stub of a function that has a docstring in `prompt`; the examples in it that do not hold are text.

    Args:
        function: as it stands in the prompt.
        prompt: the text that it was read from.
        solved: the prompt with the set's own solution.
        seen: the values in its tests.
    """
    text = ast.get_source_segment(prompt, function.body[0]) or ""
    if not _examples_hold(solved, function.name):
        text = text.replace(">>>", ">")
    return f"@spec\n{_header(function, seen)}\n    {text}"


def write_described(function: ast.FunctionDef, text: str, seen: Seen) -> str:
    """Return the stub of a function that a text describes."""
    safe = text.replace("\\", "\\\\").replace('"""', "'''")
    filled = textwrap.indent(textwrap.fill(safe, _WIDTH), "    ").strip()
    if filled.endswith('"'):
        filled = f'{filled[:-1]}\\"'
    return f'@spec\n{_header(function, seen)}\n    """{filled}"""'


def _header(function: ast.FunctionDef, seen: Seen) -> str:
    function.body = [ast.Pass()]
    return ast.unparse(annotate(function, seen)).partition("\n")[0]


def _examples_hold(solved: str, name: str) -> bool:
    """Tell whether the set's own solution passes the examples of its docstring."""
    names: dict[str, Any] = {"__name__": "problem"}
    exec(compile(solved, "problem", "exec"), names)
    try:
        found = doctest.DocTestFinder(recurse=False).find(names[name], name, globs=names)
    except ValueError:
        return False
    runner = doctest.DocTestRunner(verbose=False)
    with contextlib.redirect_stdout(io.StringIO()):
        return not any(runner.run(test).failed for test in found)
