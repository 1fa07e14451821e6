from __future__ import annotations

import pytest

from pytest_compiled_ai.artifacts.foreign import Foreign, find_foreign

OWN = """\
# Compiled
from __future__ import annotations

import re
from decimal import Decimal as D

LIMIT: int = 3
WORDS = ("a", "b")


# spec v1:00 body 00
def f(text: str) -> "D":
    return D(len(WORDS) + LIMIT)


# spec v1:00 body 00
async def g() -> None:
    re.compile("a")


# spec v1:00 body 00
class C:
    pass
"""


def test_bodies_and_what_they_use_are_not_foreign():
    assert find_foreign(OWN, ["f", "g", "C"]) == []
    assert find_foreign("# Compiled\n", []) == []


@pytest.mark.parametrize(
    ("added", "what"),
    [
        ("import os", "an import of os that no body uses"),
        ("from os import path as p, sep", "an import of path that no body uses"),
        ("print(1)", "a statement that no compile writes"),
        ('"""text"""', "a statement that no compile writes"),
        ("if True: pass", "a statement that no compile writes"),
        ("f.x = 1", "a statement that no compile writes"),
        ("A, B = 1, 2", "a statement that no compile writes"),
        ("REST = 1", "REST, which no body uses"),
        ("REST: int = 1", "REST, which no body uses"),
        ("def h(): ...", "h, which no spec asks for"),
        ("async def h(): ...", "h, which no spec asks for"),
        ("class H: ...", "H, which no spec asks for"),
        ("f = print", "f, which no body uses"),
        ("def f(text: str) -> int: ...", "f, a second time"),
    ],
)
def test_anything_else_is(added, what):
    found = find_foreign(f"{OWN}\n{added}\n", ["f", "g", "C"])
    line = OWN.count("\n") + 2
    assert found[0][:2] == (line, what)
    assert found[0].is_kept == what.endswith("asks for")


def test_the_section_of_a_spec_that_is_gone_is_foreign():
    assert find_foreign(OWN, ["f", "C"]) == [Foreign(17, "g, which no spec asks for", is_kept=True, is_orphan=True)]


def test_what_is_no_python_cannot_be_told():
    with pytest.raises(SyntaxError):
        find_foreign("def", [])
