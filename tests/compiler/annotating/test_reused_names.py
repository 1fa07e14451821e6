"""A name that gets a value of another type becomes another name, where no run could tell."""

from __future__ import annotations

import ast
import textwrap

import pytest

from pytest_compiled_ai.compiler.annotating.renaming import rename_reused
from pytest_compiled_ai.compiler.annotating.source import Source
from pytest_compiled_ai.gates.types import TypeFault


def renamed(body, *lines, header="def f(a: str, b: str) -> int:", code="assignment"):
    text = f"{header}\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n"
    source = Source(text)
    faults = [TypeFault(line=line + 1, text="Incompatible types in assignment", code=code) for line in lines]
    found = source.edited(rename_reused(source, faults))
    ast.parse(found)
    return textwrap.dedent(found.partition("\n")[2]).strip()


@pytest.mark.parametrize(
    ("body", "lines", "found"),
    [
        ("a = int(a)\nreturn a + len(b)", [1], "a_2 = int(a)\nreturn a_2 + len(b)"),
        ("a = int(a)\nb = int(b)\nreturn a * b", [1, 2], "a_2 = int(a)\nb_2 = int(b)\nreturn a_2 * b_2"),
        ("a, b = int(a), int(b)\nreturn a * b", [1], "a_2, b_2 = int(a), int(b)\nreturn a_2 * b_2"),
        ("x = a\nx = int(x)\nx += 1\nreturn x", [2], "x = a\nx_2 = int(x)\nx_2 += 1\nreturn x_2"),
        ("a = int(a)\na = [a]\nreturn a[0]", [1, 2], "a_2 = int(a)\na_2 = [a_2]\nreturn a_2[0]"),
        ("a_2 = 1\na = (\n    int(a)\n)\nreturn a + a_2", [3], "a_2 = 1\na_3 = (\n    int(a)\n)\nreturn a_3 + a_2"),
        (
            "a = int(a)\nfor a in range(a):\n    del a\nreturn 1",
            [1],
            "a_2 = int(a)\nfor a_2 in range(a_2):\n    del a_2\nreturn 1",
        ),
        (
            "a = int(a)\nreturn (lambda: a)() + (lambda a: a)(1)",
            [1],
            "a_2 = int(a)\nreturn (lambda: a_2)() + (lambda a: a)(1)",
        ),
        ("x = [a for a in b]\na = len(x)\nreturn a", [2], "x = [a for a in b]\na_2 = len(x)\nreturn a_2"),
        ("a = int(a)\nx = [a for a in b]\nreturn a", [1], "a_2 = int(a)\nx = [a for a in b]\nreturn a_2"),
    ],
)
def test_from_the_statement_on_it_has_another_name(body, lines, found):
    assert renamed(body, *lines) == found


@pytest.mark.parametrize(
    "body",
    [
        "if b:\n    a = int(a)\nreturn a",
        "for x in b:\n    a = int(a)\nreturn a",
        "g = lambda: a\na = int(a)\nreturn g() + a",
        "g = (a + x for x in b)\na = int(a)\nreturn sum(g) + a",
        "def g() -> str:\n    return a\na = int(a)\nreturn g() + a",
        "def g() -> None:\n    nonlocal a\n    a = 1\na = int(a)\nreturn a",
        "a = int(a)\nreturn f'{a}'",
        "a = int(a)\ntry:\n    g()\nexcept ValueError as a:\n    print(a)\nreturn a",
        "a = int(a)\nimport a\nreturn a",
        "a = int(a)\nimport os as a\nreturn a",
        "a = int(a)\nmatch b:\n    case {**a}:\n        pass\nreturn a",
        "a = x = int(a)\nreturn a",
        "a: int = int(a)\nreturn a",
        "x = int(a)\nreturn x",
        "a.x = int(a)\nreturn a",
    ],
)
def test_where_a_run_could_tell_or_nothing_was_there_before_it_stays(body):
    assert renamed(body, *range(1, 9)) == body


def test_other_faults_and_other_lines_are_left():
    body = "a = int(a)\nreturn a"
    assert renamed(body, 2) == body
    assert renamed(body, 1, code="operator") == body


def test_in_a_function_inside_its_own_names_are_meant():
    body = "def g(a: str) -> int:\n    a = int(a)\n    return a\nreturn g(a)"
    assert renamed(body, 2) == "def g(a: str) -> int:\n    a_2 = int(a)\n    return a_2\nreturn g(a)"
