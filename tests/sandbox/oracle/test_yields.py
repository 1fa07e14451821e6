from __future__ import annotations

import pytest

from pytest_compiled_ai.sandbox.oracle.yields import find_functions

PROGRAM = """
X = 1
def plain(): return 1
def generator():
    if X:
        yield 1
def delegates(): return (yield from [1])
async def waits(): return 1
async def ticks():
    for number in range(3): yield number
def returns_one():
    def inner(): yield 1
    return inner()
def makes_one(): return (number for number in [1])
def has_a_class():
    class Inner:
        def method(self): yield 1
def has_a_lambda(): return lambda: (yield)
"""


def test_a_generator_has_a_yield_of_its_own() -> None:
    assert find_functions(PROGRAM) == {
        "plain": False,
        "generator": True,
        "delegates": True,
        "waits": False,
        "ticks": True,
        "returns_one": False,
        "makes_one": False,
        "has_a_class": False,
        "has_a_lambda": False,
    }


def test_a_module_without_the_word_has_no_generator() -> None:
    assert find_functions("def f(): return 1\nasync def g(): ...") == {"f": False, "g": False}


@pytest.mark.parametrize("text", ["def f(:", "\0", "(" * 300 + ")" * 300])
def test_a_text_that_is_no_module_has_none(text) -> None:
    assert find_functions(text) == {}
