from __future__ import annotations

import ast
from decimal import Decimal
from textwrap import dedent

import pytest

from pytest_compiled_ai.gates.examples_of_tests import (
    Example,
    Unread,
    examples_of,
    found_constants,
    read_docstring,
    read_examples,
)
from pytest_compiled_ai.specs.model import SpecLineError

F = frozenset({"f"})


def rows(source):
    """Return what a module's tests expect, in short."""
    found = read_examples(ast.parse(dedent(source)), F)
    return [(*example.arguments, *example.keywords, example.kind, example.expected) for example in found]


def test_an_example_is_a_call_and_what_is_expected_of_it():
    (example,) = read_examples(ast.parse("def test(): assert f(1, b=[2]) == 'x'"), F)
    assert example == Example(function="f", arguments=(1,), keywords=(("b", [2]),), expected="x")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("assert f(1) == 2", (1, "equals", 2)),
        ("assert 2 == f(1)", (1, "equals", 2)),
        ("assert f(1)", (1, "equals", True)),
        ("assert not f(1)", (1, "equals", False)),
        ("assert f(1) is None", (1, "equals", None)),
        ("assert f(Decimal('1.0')) == 2", (Decimal(1), "equals", 2)),
        ("assert f(len(path)) == 2", (Unread.UNREAD, "equals", 2)),
        ("assert await f(1) == 2", (1, "equals", 2)),
        ("assert asyncio.run(f(1)) == 2", (1, "equals", 2)),
        ("assert list(f(1)) == [2]", (1, "equals", [2])),
        ("assert set(f(1)) == {2}", (1, "about", {2})),
        ("assert f(1)[0] == 2", (1, "about", 2)),
        ("assert f(1) == pytest.approx(2.5)", (1, "equals", 2.5)),
        ("assert math.isclose(f(1), 2.5)", (1, "equals", 2.5)),
        ("assert abs(f(1) - 2.5) < 1e-6", (1, "equals", 2.5)),
        ("self.assertEqual(f(1), 2)", (1, "equals", 2)),
        ("self.assertTrue(f(1))", (1, "equals", True)),
        ("self.assertFalse(f(1))", (1, "equals", False)),
        ("result = f(1); assert result == 2", (1, "equals", 2)),
        ("a, b = f(1); assert (a, b) == (2, 3)", (1, "about", (2, 3))),
        ("x, y = 1, 2; assert f(x) == y", (1, "equals", 2)),
        ("x: int = 1; assert f(x) == 2", (1, "equals", 2)),
        ("assert all(f(x) == 2 for x in [1])", (1, "equals", 2)),
        ("assert thing.f(1) == 2", (1, "equals", 2)),
    ],
)
def test_an_assert_is_read(line, expected):
    assert rows(f"async def test():\n    {line}") == [expected]


@pytest.mark.parametrize(
    "line",
    [
        "assert f(1) == other(2)",
        "assert g(1) == 2",
        "x: int; assert g(x)",
        "self.assert_()",
        "assert abs(f(1)) < g(2)",
        "a.b = f(1)",
        "a, b = f(1), 2; a = 3",
        "with open(f), lock: pass",
        "assert f(1) - g(2) == g(3)",
    ],
)
def test_what_is_no_row_is_left_out(line):
    assert rows(f"def test():\n    {line}") == []


def test_several_asserts_of_one_line_are_several_rows():
    assert rows("def test(): assert f(1) and f(2) == 3") == [(1, "equals", True), (2, "equals", 3)]
    assert rows("def test(): assert f(1) == f(2) == 3") == [(1, "equals", 3), (2, "equals", 3)]


def test_blocks_and_loops_are_read():
    source = """
        ROWS = {"a": 1}
        def test():
            if True:
                assert f(0) == 0
            for x, y in [("b", 2), (g(), 3)]:
                assert f(x) == y
            for x, y in ROWS.items():
                assert f(x) == y
            for x in g():
                assert f(x) == 9
            for x in 5:
                assert f(x) == 9
    """
    unread = Unread.UNREAD
    expected = [(0, "equals", 0), ("b", "equals", 2), ("a", "equals", 1), (unread, "equals", 9)]
    assert rows(source) == expected


def test_an_exception_that_is_expected_is_a_row():
    source = """
        def test():
            with pytest.raises(ValueError):
                f(1)
            with pytest.raises((errors.KeyError, ValueError), match="x"):
                x = f(2)
            with lock, self.assertRaises(TypeError), g(3):
                g()
            with g(3):
                assert f(3) == 4
    """
    assert rows(source) == [(1, "raises", "ValueError"), (2, "raises", "KeyError"), (3, "equals", 4)]


def test_the_rows_of_parametrize_are_rows():
    source = """
        ROWS = [(1, 2), (3, 4)]
        BAD = 7

        @pytest.mark.parametrize("x, y", ROWS)
        def test_named(x, y):
            assert f(x) == y

        @pytest.mark.parametrize(("x", "y"), [(5, 6), pytest.param(7, 8, id="z"), (g(), 9), (1,), g()])
        def test_written(x, y):
            assert f(x) == y

        @pytest.mark.parametrize("x", ["a"])
        @pytest.mark.parametrize("y", (1, 2))
        def test_crossed(x, y):
            assert f(x) == y

        @pytest.mark.parametrize("x", g())
        @pytest.mark.parametrize("x")
        @pytest.mark.parametrize("x, y", BAD)
        @pytest.mark.parametrize("x, y", [*"ab"])
        @pytest.mark.skip
        def test_unread(x):
            assert f(1) == 1
    """
    written = [(5, "equals", 6), (7, "equals", 8), (Unread.UNREAD, "equals", 9)]
    crossed = [("a", "equals", 1), ("a", "equals", 2)]
    assert rows(source) == [(1, "equals", 2), (3, "equals", 4), *written, *crossed, (1, "equals", 1)]


def test_a_docstring_s_examples_are_rows():
    text = """Do.

    >>> f("a")
    'b'
    >>> x = f("c")
    >>> x.upper()
    'D'
    >>> f(
    ...     "e"
    ... )
    Traceback (most recent call last):
        ...
    app.ValueError: no
    >>> assert f("g") == 1
    >>> f("h")
    <object at 0>
    >>> f("i")
    other(5)
    """
    found = [(*example.arguments, example.kind, example.expected) for example in read_docstring(text, F, {})]
    assert found == [("a", "equals", "b"), ("c", "about", "D"), ("e", "raises", "ValueError"), ("g", "equals", 1)]
    assert read_docstring("  >>> f(1)\n 2", F, {}) == ()


def test_constants_are_the_literals_of_a_module():
    tree = ast.parse("A = 1\nB: int = A + 1\nC = g()\nD: int\nE = F = 'x'")
    assert found_constants(tree) == {"A": 1, "B": 2, "E": "x", "F": "x"}


def test_a_spec_s_examples_come_from_its_file_its_tests_and_its_docstring(cut, tmp_path):
    _, subject = cut()
    other = tmp_path / "example" / "tests" / "test_more.py"
    other.parent.mkdir()
    other.write_text("from generated.it import f\ndef test_more():\n    assert f(20) == 20\n")
    subject = type(subject)(
        **{name: getattr(subject, name) for name in ("file", "stub", "target", "imports", "constants")},
        test_paths=("specs/it.py", "tests/test_more.py"),
    )
    found = examples_of(tmp_path / "example", subject)
    assert [(example.arguments, example.expected) for example in found] == [((20,), 20), ((1,), 1)]
    other.write_text("def (")
    with pytest.raises(SpecLineError, match=r"tests/test_more\.py:1"):
        examples_of(tmp_path / "example", subject)
