from __future__ import annotations

import ast
from itertools import compress
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.artifacts.exact import lines_of
from pytest_compiled_ai.artifacts.thinning import drop_sections

HEAD = "# Compiled from specs/x.py by pytest-compiled-ai.\n\n"
PARTS = {
    "f": ("import math", "ONE = 1", "# spec v1:1 body 1\ndef f():\n    return math.pi + ONE\n"),
    "g": ("import os.path as path", "TWO = ONE + 1", "# spec v1:2 body 2\n@path\nclass g:\n    x = TWO\n"),
    "h": ("from re import compile as c, match", "THREE: int = 3", "# spec v1:3 body 3\nasync def h():\n    c(match, THREE)\n"),
}  # fmt: skip
NAMES = list(PARTS)


def module(names: list[str]) -> str:
    """Return an artifact of these parts, with ONE where TWO needs it."""
    imports = [PARTS[name][0] for name in names]
    constants = [PARTS[name][1] for name in names]
    if "g" in names and "f" not in names:
        constants.insert(0, "ONE = 1")
    text = HEAD + "".join(f"{line}\n" for line in imports)
    text += ("\n" if names else "") + "".join(f"{line}\n" for line in constants)
    return text + "".join(f"\n\n{PARTS[name][2]}" for name in names)


@given(st.lists(st.booleans(), min_size=3, max_size=3))
def test_what_is_left_is_the_module_without_it(stays):
    kept = list(compress(NAMES, stays))
    thin = drop_sections(module(NAMES), set(NAMES) - set(kept))
    assert ast.dump(ast.parse(thin)) == ast.dump(ast.parse(module(kept)))
    assert set(lines_of(thin)) <= set(lines_of(module(NAMES)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import a, b\n\n\ndef f():\n    a\n\n\ndef g():\n    b\n", "import b\n\n\ndef g():\n    b\n"),
        ("from a import (\n    b,\n    c,\n)\n\n\ndef f():\n    b\n\n\ndef g():\n    c\n",
         "from a import c\n\n\ndef g():\n    c\n"),
        ("import a\r\n\r\nimport b\r\n\r\n\r\ndef f():\r\n    a\r\n\r\n\r\ndef g():\r\n    b\r\n",
         "import b\r\n\r\n\r\ndef g():\r\n    b\r\n"),
        ("def g():\n    pass\n\n\n# mine\ndef f():\n    pass\n", "def g():\n    pass\n\n\n# mine\n"),
        ("def f():\n    pass\n\n\n\n\n# mine\n", "# mine\n"),
        ("import a\n\n\n\nB = a\n\n\ndef f():\n    B\n\n\ndef g():\n    a\n", "import a\n\n\n\ndef g():\n    a\n"),
        ("import a\n\n\n\n# mine\n\nB = a\n\ndef f():\n    B\n\n\ndef g():\n    a\n",
         "import a\n\n\n\n# mine\n\n\ndef g():\n    a\n"),
    ],
)  # fmt: skip
def test_every_other_line_stays(before, after):
    assert drop_sections(before, {"f"}) == after


def test_what_nobody_used_is_not_looked_at():
    text = dedent(
        """
        import unused
        A[0] = 1


        def f():
            return 1
        """
    )
    assert drop_sections(text, {"f"}) == "\nimport unused\nA[0] = 1\n"
