from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.specs.doctests import docstrings_in, examples_in


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("Text.\n\n>>> f(1)\n2\n>>> g()", ["f(1)", "g()"]),
        ("  >>> for x in y:\n  ...     f(x)\n  ...\n  1", ["for x in y:\n    f(x)"]),
        (">>> f(\n...     1,\n... )", ["f(1)"]),
        (">>>\n>>> f()", ["f()"]),
        (">>> f(\n>>> f()", ["f()"]),
        ("a >>> b", []),
    ],
)
def test_examples(docstring: str, expected: list[str]) -> None:
    assert [ast.unparse(node) for node in examples_in(docstring)] == expected


@pytest.mark.parametrize(
    ("docstring", "line"),
    [
        ('"""One line."""', 4),
        ('"""First.\n\n    >>> f()\n    """', 4),
        ('"""\n    Second.\n    """', 5),
        ('"""\n\n    Third.\n\n    """', 6),
        ('"""\\\n    Continued.\n\n    >>> f()\n    """', 5),
        ('"""   \n    """', 4),
    ],
)
def test_a_docstring_knows_the_line_of_its_first_text(docstring: str, line: int) -> None:
    source = f"@spec(\n    uses=[],\n)\ndef f(): {docstring}\n".replace("def f(): ", "def f():\n    ")
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    (found,) = docstrings_in(node)
    assert (found.line, found.text_line) == (4, line + 1)
