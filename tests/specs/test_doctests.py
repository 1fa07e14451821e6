from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.specs.doctests import examples_in


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
