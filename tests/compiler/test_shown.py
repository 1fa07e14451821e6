from __future__ import annotations

from dataclasses import replace
from textwrap import dedent, indent

import pytest

from pytest_compiled_ai.compiler.body import head_of
from pytest_compiled_ai.compiler.shown import can_leave_out, find_examples, show_stub
from pytest_compiled_ai.gates.base import HeldOut

DOCSTRING = '''\
"""Return a list of n items.

>>> f(1)
[0]
>>> f(2)  # two
[0, 0]

Many:

>>> from decimal import Decimal
>>> f(
...     3
... )
[0,
 0, 0]

>>> f(Decimal(4))
[0, 0, 0, 0]

>>> f(-1)
Traceback (most recent call last):
ValueError: less than none
"""
'''


@pytest.fixture
def subject(bench):
    def write(docstring=DOCSTRING, prefix=""):
        body = prefix + indent(dedent(docstring), "    ").lstrip(" ")
        source = f"from pytest_compiled_ai import spec\n\n@spec\ndef f(n: int) -> list[int]:\n    {body}\n"
        return bench({"specs/it.py": source}).subject("f")

    return write


def shown(subject, *numbers):
    return show_stub(replace(subject, held=HeldOut(examples=frozenset(numbers))))


def frees(subject):
    return [example.is_free for example in find_examples(subject.stub)]


def test_examples_that_show_a_result_are_found(subject):
    examples = find_examples(subject().stub)
    assert [example.first for example in examples] == [
        ">>> f(1)", ">>> f(2) # two", ">>> f(", ">>> f(Decimal(4))", ">>> f(-1)",
    ]  # fmt: skip
    assert examples[2].text == "f(\n    3\n)\n[0,\n 0, 0]\n"
    assert frees(subject()) == [True] * 5


def test_held_out_examples_stand_neither_in_the_head_nor_in_the_docstring(subject):
    made = subject()
    stub = shown(made, 1, 2, 4)
    assert (
        head_of(stub)
        == '''\
def f(n: int) -> list[int]:
    """Return a list of n items.

    >>> f(1)
    [0]

    Many:

    >>> from decimal import Decimal

    >>> f(Decimal(4))
    [0, 0, 0, 0]
    """'''
    )
    assert stub.docstring == dedent(stub.docstring_source.strip('"').replace("Return", "    Return", 1)).strip()
    assert [example.first for example in find_examples(stub)] == [">>> f(1)", ">>> f(Decimal(4))"]
    assert (stub.id, stub.header, stub.node.args) == (made.stub.id, made.stub.header, made.stub.node.args)
    assert len(find_examples(made.stub)) == 5


def test_where_nothing_is_held_out_the_stub_is_shown_as_it_is(subject, bench):
    made = subject()
    assert shown(made) is made.stub
    assert not can_leave_out(made.stub, ())
    bare = bench({"specs/it.py": "from pytest_compiled_ai import spec\n\n@spec\ndef f() -> int: ...\n"}).subject("f")
    assert shown(bare) is bare.stub
    assert find_examples(bare.stub) == ()


@pytest.mark.parametrize(
    ("example", "free"),
    [
        (">>> x = f(2)\n>>> x\n[0, 0]", [False]),
        (">>> (x := f(2))\n[0, 0]\n>>> x\n[0, 0]", [False, False]),
        (">>> import math\n>>> f(math.floor(2))\n[0, 0]", [True]),
        (">>> f(2)\n[0, 0]\n>>> f(2)\n[0, 0]", [False, False]),
        (">>> f(2)  # doctest: +SKIP\n[0, 0]", []),
        (">>> f(\n[0, 0]", [False]),
    ],
)
def test_an_example_that_others_need_or_repeat_has_to_stay(subject, example, free):
    assert frees(subject(f'"""Return it.\n\n{example}\n"""')) == free


def test_a_docstring_that_doctest_cannot_read_has_no_examples(subject):
    assert find_examples(subject('"""Return it.\n\n>>>f(1)\n1\n"""').stub) == ()


@pytest.mark.parametrize(
    ("docstring", "prefix", "can"),
    [
        ('"""Return it.\n\n>>> f("\\n")\n1\n"""', "r", True),
        ('"""Return it.\n\n>>> f("\\t")\n1\n"""', "", True),
        ('"""Return it.\n\n>>> f(1)\n1"""', "", False),
        ('"Return it.\\n\\n>>> f(1)\\n1\\n"', "", False),
    ],
)
def test_what_cannot_be_left_out_of_the_literal_is_left_in(subject, docstring, prefix, can):
    made = subject(docstring, prefix)
    assert can_leave_out(made.stub, [0]) is can
    assert (">>>" in shown(made, 0).docstring_source) is not can


def test_the_examples_of_a_class_all_stay(bench):
    source = '''
        from pytest_compiled_ai import spec

        @spec
        class Stack:
            """A stack.

            >>> Stack().size()
            0
            """

            def size(self) -> int:
                """Return its size."""
    '''
    assert find_examples(bench({"specs/it.py": source}).subject("Stack").stub) == ()
