"""Which exceptions a spec declares."""

from __future__ import annotations

import ast
import textwrap

import pytest

from pytest_compiled_ai.templates.declared import declared_errors, is_declared


@pytest.mark.parametrize(
    ("docstring", "names"),
    [
        ("Read a text.", set()),
        ("Read.\n\nRaises:\n    ValueError: it is none.\n    app.BadText: odd.\n\nReturns:\n    KeyError: no.", {"ValueError", "BadText"}),
        ("Read.\n\nRaises\n------\nValueError\n    It is none.\n", {"ValueError"}),
        ("Read.\n\n:raises ValueError: it is none.", {"ValueError"}),
        ("Read; raises `LookupError` where there is none.", {"LookupError"}),
        ("Raise a ValueError.", {"ValueError"}),
        ("Read.\n\n>>> f('')\nTraceback (most recent call last):\nValueError: none\n", {"ValueError"}),
        ("It raises the rate.", set()),
    ],
)  # fmt: skip
def test_docstrings_declare(docstring, names):
    assert declared_errors(docstring, [], "f") == names


TESTS = """
def test_a():
    with pytest.raises(BadText):
        f("")
def test_b():
    with pytest.raises((KeyError, app.Other), match="x"):
        f("")
@pytest.mark.parametrize(("text", "kind"), [("", TypeError)])
def test_c(text, kind):
    with pytest.raises(kind):
        f(text)
@pytest.mark.parametrize("kind", [OSError])
def test_d(kind):
    assert f(kind)
def test_e():
    with pytest.raises(RuntimeError):
        g("")
"""


def test_tests_of_the_function_declare():
    tests = [ast.parse(textwrap.dedent(TESTS))]
    assert declared_errors("", tests, "f") >= {"BadText", "KeyError", "TypeError"}
    assert not declared_errors("", tests, "f") & {"OSError", "RuntimeError"}
    assert declared_errors("", tests, "g") == {"RuntimeError"}


@pytest.mark.parametrize(
    ("raised", "declared", "expected"),
    [
        ("ValueError", {"ValueError"}, True),
        ("UnicodeDecodeError", {"ValueError"}, True),
        ("json.decoder.JSONDecodeError", {"ValueError"}, True),
        ("decimal.InvalidOperation", {"ArithmeticError"}, True),
        ("app.WorseText", {"BadText"}, True),
        ("app.WorseText", {"ValueError"}, True),
        ("IndexError", {"ValueError"}, False),
        ("app.WorseText", {"KeyError"}, False),
        ("json.Nothing", {"ValueError"}, False),
        ("idlelib.nothing.Error", {"ValueError"}, False),
        ("ValueError", set(), False),
    ],
)
def test_subclasses_of_what_is_declared_may_come(raised, declared, expected):
    bases = {"app.WorseText": ("BadText",), "BadText": ("ValueError", "app.WorseText")}
    assert is_declared(raised, frozenset(declared), lambda name: bases.get(name, ())) is expected
