from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.compiler.annotating.returns import CODE, annotate_returns
from pytest_compiled_ai.compiler.annotating.source import Source
from pytest_compiled_ai.gates.types import TypeFault

VALUES = st.sampled_from(
    ["n", "n ** 2", "(n)", "(\n  n +\n  1)", "[n,\n 1]", "n \\\n + 1", "'é' * n", "lambda: n", '("""a\nb""")']
)
AFTER = st.sampled_from(["", "  # why: é", " "])


def mended(text, taken=()):
    source = Source(text)
    lines = [node.lineno for node in source.nodes if isinstance(node, ast.Return)]
    faults = [TypeFault(line=line, text="", code=CODE) for line in lines]
    return source.edited(annotate_returns(source, faults, taken))


@given(st.lists(st.tuples(st.booleans(), VALUES, AFTER), min_size=1, max_size=4))
def test_each_value_is_returned_as_it_was(rows):
    text = "def f(n: int) -> 'object':\n"
    for number, (is_short, value, after) in enumerate(rows):
        gap = " " if is_short else "\n        "
        text += f"    if n == {number}:{gap}return {value}{after}\n"
    before, found = {}, {}
    exec(text, before)
    exec(mended(text), found)
    for n in range(len(rows) + 1):
        one, other = before["f"](n), found["f"](n)
        assert one == other or one() == other()


def test_it_is_annotated_once_in_each_function():
    text = "def f(n) -> int:\n    def g() -> str:\n        return n\n    if n:\n        return n\n    return 2"
    lines = mended(text).split("\n")
    assert [line.strip() for line in lines if "=" in line] == ["result: str = n", "result: int = n", "result = 2"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def f(n) -> int:\n    return n", "result"),
        ("def f(result) -> int:\n    return result", "answer"),
        ("def f(n) -> int:\n    import math as result, cmath as answer\n    return n", "value"),
        ("def f(n) -> int:\n    nothing = taken\n    return(n)", "result"),
    ],
)
def test_the_name_is_new(text, name):
    assert f"    {name}: int = " in mended(text)
    assert f"    {name}: int = " not in mended(text, {name})


def test_where_no_name_is_left_nothing_is_done():
    text = "def f(result, answer, value, outcome, returned) -> int:\n    return value"
    assert mended(text) == text


@pytest.mark.parametrize(
    "text",
    ["def f(n):\n    return n", "def f(n) -> int:\n    return", "def f(n, int) -> int:\n    return n",
     "def f(n) -> int:\n    n += 1; return n", "def f(n) -> int:\n    return n; n += 1"],
)  # fmt: skip
def test_what_cannot_be_said_stays(text):
    assert mended(text) == text


def test_other_faults_are_for_others():
    source = Source("def f(n) -> int:\n    return n")
    assert list(annotate_returns(source, [TypeFault(line=2, text="", code="return-value")], ())) == []
