from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.compiler.rows import cut_rows, find_rows, is_defined

TEXT = """\
@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("a", 1),  # the first
        # about b
        ("b", 2),  # the second
        ("ü", 3), ("d", (4)),
        pytest.param("e", 5, id="five"),
        (
            "f",
            6,
        )  # the last
    ],
    ids=["one", "two", "three", "four", None, "six"],
)
def test_rows(text, n):
    assert f(text) == n


class TestA:
    @parametrize("n", (1, 2, 3))
    def test_in(self, n): ...
"""
ROWS, IN = "t.py::test_rows", "t.py::TestA::test_in"


def rows_of(decorators, *, within=""):
    text = f"{within}\nclass TestIt:\n    {decorators}\n    def test_it(self): ...\n"
    return list(find_rows(ast.parse(text), "t.py", ["TestIt::test_it"]))


def test_the_rows_of_functions_and_methods_are_found():
    tree = ast.parse(TEXT)
    first, second = find_rows(tree, "t.py", ["test_rows", "TestA::test_in", "test_other", "TestA::test_rows"])
    assert (first.test, len(first.values.elts), first.is_unpacked) == (ROWS, 6, True)
    assert (second.test, len(second.values.elts), second.is_unpacked) == (IN, 3, False)
    assert [is_defined(tree, name) for name in ("TestA::test_in", "TestA", "test_in")] == [True, True, False]


@pytest.mark.parametrize(
    "decorators",
    [
        "@pytest.mark.parametrize('n', ROWS)",
        "@pytest.mark.parametrize('n', [1, *MORE])",
        "@pytest.mark.parametrize('n', [i for i in MORE])",
        "@pytest.mark.parametrize('n', [1, 2], True)",
        "@pytest.mark.parametrize('n', [1, 2], indirect=True)",
        "@pytest.mark.parametrize('n', [1, 2], **more)",
        "@pytest.mark.parametrize('n', [1, 2], ids=['one'])",
        "@pytest.mark.parametrize('n', [1, 2], ids=[*NAMES, 'two'])",
        "@pytest.mark.parametrize(argvalues=[1, 2])",
        "@pytest.mark.parametrize('n', [1, 2])\n    @pytest.mark.parametrize('m', [1, 2])",
        "@both",
        "@parametrize",
    ],
)
def test_rows_that_are_not_written_in_one_place_are_none(decorators):
    assert rows_of(decorators) == []


def test_rows_of_a_parametrized_class_are_more_than_those_of_a_test():
    text = "@parametrize('m', [1, 2])\nclass TestIt:\n    @parametrize('n', [1, 2])\n    def test_it(self): ...\n"
    assert list(find_rows(ast.parse(text), "t.py", ["TestIt::test_it"])) == []
    text = "@parametrize('m', [1, 2])\nclass TestIt:\n    def test_it(self): ...\n"
    assert list(find_rows(ast.parse(text), "t.py", ["TestIt::test_it"])) == []


def test_a_name_that_is_bound_twice_is_nobodys():
    assert rows_of("@parametrize('n', [1, 2])", within="class TestIt: ...") == []


def test_a_row_with_marks_has_to_stay():
    (rows,) = rows_of("@parametrize('n', [1, pytest.param(2, marks=skip), pytest.param(3, id='x'), f(4)])")
    assert rows.free == {0, 2, 3}


def test_rows_are_cut_with_their_comments_and_ids_and_the_rest_stays_as_written():
    cut = cut_rows(TEXT, "t.py", {ROWS: {1, 2, 5}, IN: {1}})
    assert cut == dedent('''\
        @pytest.mark.parametrize(
            ("text", "n"),
            [
                ("a", 1),  # the first
                 ("d", (4)),
                pytest.param("e", 5, id="five"),
            ],
            ids=["one", "four", None,],
        )
        def test_rows(text, n):
            assert f(text) == n


        class TestA:
            @parametrize("n", (1, 3))
            def test_in(self, n): ...
    ''')  # fmt: skip


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        ("[(1, 2), (3, 4), (5, 6)]", 2, "[(1, 2), (3, 4),]"),
        ("[1, 2,]", 1, "[1,]"),
        ("(1, 2)", 1, "(1,)"),
        ("[1\n    , 2\n    , 3]", 1, "[1\n    , 3]"),
        ("[('a'), ('b'), ('c')]", 1, "[('a'), ('c')]"),
        ("['''x\n y''', '''z\n #''', 3]", 1, "['''x\n y''', 3]"),
        ("[1, 2 # ]\n    , 3]", 1, None),
    ],
)
def test_rows_are_cut_however_they_are_laid_out(before, number, after):
    text = "@parametrize('n', {})\ndef test_it(n): ...\n"
    cut = cut_rows(text.format(before), "t.py", {"t.py::test_it": {number}})
    assert cut == (after and text.format(after))


@given(st.sets(st.integers(1, 5)), st.sets(st.integers(1, 2)))
def test_what_is_left_is_what_was_not_cut(first, second):
    cut = cut_rows(TEXT, "t.py", {ROWS: first, IN: second})
    assert cut is not None
    found = find_rows(ast.parse(cut), "t.py", ["test_rows", "TestA::test_in"])
    before = find_rows(ast.parse(TEXT), "t.py", ["test_rows", "TestA::test_in"])
    for rows, all_rows, held in zip(found, before, (first, second), strict=True):
        kept = [ast.dump(row) for number, row in enumerate(all_rows.values.elts) if number not in held]
        assert [ast.dump(row) for row in rows.values.elts] == kept
