from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.compiler.row_ids import match_ids
from pytest_compiled_ai.compiler.rows import find_rows

TEST = "t.py::test_it"


def match(arguments, *rows):
    tree = ast.parse(f"@parametrize({arguments})\ndef test_it(): ...\n")
    (found,) = find_rows(tree, "t.py", ["test_it"])
    given = [f"{TEST}[{row}]" for row in rows] or [TEST]
    matched = match_ids(found, ["t.py::test_other", *given, "t.py::test_it_not[1]"])
    assert matched in {None, (), tuple(given)}
    return matched is not None


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        ("'n', [1, 2]", ["1", "2"]),
        ("'n', [True, None, 2.5]", ["True", "None", "2.5"]),
        ("'n', ['a', 'b\\\\c', 'ü', '\\n']", ["a", r"b\\c", r"\xfc", r"\n"]),
        ("('a', 'b'), [('x', 1), ['y', 2]]", ["x-1", "y-2"]),
        ("'a, b', [('x', 1), ('y', f(2))]", ["x-1", "y-b1"]),
        ("'rows', [[1, 2], ['x']]", ["rows0", "rows1"]),
        ("'n', [Decimal('1'), Decimal('2')]", ["n0", "n1"]),
        ("'n', [pytest.param(1), pytest.param(2, id='two')]", ["1", "two"]),
        ("'n', [1, 2], ids=['one', None]", ["one", "2"]),
        ("'n', [1, 2], ids=str.upper", ["ONE", "TWO"]),
        ("'n', [pytest.param(1), pytest.param(2, id='two')], ids=NAMES", ["ONE", "two"]),
    ],
)
def test_ids_in_the_order_of_the_rows_are_matched(arguments, rows):
    assert match(arguments, *rows)


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        ("'n', [1, 2]", ["2", "1"]),
        ("'n', [1, 2]", ["1"]),
        ("'n', [1, 2]", ["1", "2", "3"]),
        ("'n', ['a', 'b']", ["b", "a"]),
        ("'a, b', [('x', 1), ('y', 1)]", ["y-1", "x-1"]),
        ("'n', [1, 2], ids=['one', 'two']", ["two", "one"]),
        ("'n', [pytest.param(1, id='one'), 2]", ["two", "2"]),
    ],
)
def test_ids_of_another_order_or_number_are_not(arguments, rows):
    assert not match(arguments, *rows)


def test_before_the_tests_are_collected_there_are_no_ids():
    (rows,) = find_rows(ast.parse("@parametrize('n', [1, 2])\ndef test_it(n): ...\n"), "t.py", ["test_it"])
    assert match_ids(rows, [TEST]) == ()
    assert match_ids(rows, ["t.py::test_other"]) is None
