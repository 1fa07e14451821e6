"""Calls that tests show, as values; what is computed is none."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.templates.examples import Example, read_examples, texts_and_results


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('def test() -> None:\n    assert read("a", 1) == {"n": -2}', [Example(("a", 1), {"n": -2})]),
        ('def test() -> None:\n    got = read("a")\n    assert got == [1]\n    assert got', [Example(("a",), [1])]),
        (
            '@pytest.mark.parametrize(("text", "n"), [("a", 1), ("b", 2)])\n'
            'def test(text, n):\n    assert read(text) == {"n": 3}\n    assert read(text) == n',
            [
                Example(("a",), {"n": 3}),
                Example(("a",), 1),
                Example(("b",), {"n": 3}),
                Example(("b",), 2),
            ],
        ),
        (
            '@pytest.mark.parametrize("text, n", [["a", 1]])\ndef test(text, n):\n    assert read(text) == n',
            [Example(("a",), 1)],
        ),
        (
            '@pytest.mark.parametrize("text", ["a", "b"])\ndef test(text):\n    assert read(text) == 1',
            [Example(("a",), 1), Example(("b",), 1)],
        ),
        ('class TestIt:\n    def test(self):\n        assert read("a") == 1', [Example(("a",), 1)]),
        ('async def test():\n    assert read("a") == 1', [Example(("a",), 1)]),
    ],
)
def test_calls_are_read(source, found):
    assert read_examples("read", "", [source]) == tuple(found)


@pytest.mark.parametrize(
    "source",
    [
        'def test():\n    assert write("a") == 1',
        'def test():\n    assert read("a") != 1',
        'def test():\n    assert read("a")',
        'def test():\n    assert read("a" * 3) == 1',
        'def test():\n    assert read("a") == make()',
        'def test():\n    assert read(text="a") == 1',
        'def test():\n    assert api.read("a") == 1',
        "def test(text):\n    assert read(text) == 1",
        'def test():\n    a, b = read("a"), 1\n    assert a == 1',
        "@pytest.mark.parametrize('a', ROWS)\ndef test(a):\n    assert read(a) == 1",
        "@pytest.mark.parametrize(('a', 'b'), [(1, 2, 3)])\ndef test(a, b):\n    assert read(a) == b",
        "@pytest.mark.parametrize('a', [1])\n@pytest.mark.parametrize('b', [1])\ndef test(a, b):\n    assert read(a) == b",
        "def (",
    ],
)
def test_what_is_computed_or_no_such_call_is_no_example(source):
    assert read_examples("read", "", [source]) == ()


def test_examples_of_the_docstring_come_first():
    docstring = 'Read it.\n\n>>> read("a")\n{\'n\': 1}\n>>> x = 3\n>>> read("b")\nTraceback (most recent call last):\nValueError\n'
    found = read_examples("read", docstring, ['def test():\n    assert read("c") == {}'])
    assert found == (Example(("a",), {"n": 1}), Example(("c",), {}))


def test_a_docstring_whose_examples_cannot_be_read_has_none():
    assert read_examples("read", ">>> read(1)\n    1\n  >>>read(2)\n", []) == ()


def test_texts_go_with_their_dicts():
    found = [Example(("a",), {"n": 1}), Example(("a",), 1), Example((1,), {}), Example(("a", "b"), {})]
    assert texts_and_results(found) == [("a", {"n": 1})]
    many = [Example((f"{n} {'x' * (3000 * (n == 1))}",), {"n": n}) for n in range(20)]
    assert [result["n"] for _, result in texts_and_results(many)] == [0, *range(2, 13)]
