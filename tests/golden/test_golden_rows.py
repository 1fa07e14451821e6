from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.golden.rows import read_rows
from pytest_compiled_ai.specs.model import SpecLineError

FUNCTION = ast.parse("def f(a: int, b: str = 'x', *, c: bool = False) -> int: ...").body[0]


def read(tmp_path, text, function=FUNCTION):
    data = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "d.jsonl").write_bytes(data)
    return read_rows(tmp_path, "d.jsonl", function)


def test_the_three_forms_of_an_input(tmp_path):
    text = '\ufeff{"input": 1, "expected": 2}\n \r\n{"expected": null, "input": [1, "y"]}\n{"input": {"a": 1, "c": true}, "expected": []}'
    rows = read(tmp_path, text)
    assert [(row.line, row.arguments, row.keywords, row.expected) for row in rows] == [
        (1, (1,), {}, 2), (3, (1, "y"), {}, None), (4, (), {"a": 1, "c": True}, []),
    ]  # fmt: skip


def test_a_line_ends_where_json_lines_end(tmp_path):
    (row,) = read(tmp_path, '{"input": [1, "a\u2028b"], "expected": 1}\n')
    assert row.arguments == (1, "a\u2028b")


def test_equal_calls_have_one_key_however_they_are_passed(tmp_path):
    one, other, third = read(
        tmp_path,
        '{"input": 1, "expected": 1}\n{"input": {"a": 1}, "expected": 2}\n{"input": [1, "x"], "expected": 3}\n',
    )
    assert one.key == other.key
    assert one.key != third.key


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is no JSON: Expecting property name enclosed in double quotes; a line is one JSON object"),
        ("[" * 100_000, "is no JSON: RecursionError; a line"),
        ("[1, 2]", 'is no labelled example; a line is one JSON object, {"input": ..., "expected": ...}.'),
        ('{"input": 1}', "is no labelled example"),
        ('{"input": 1, "expected": 2, "note": "SECRET"}', "is no labelled example"),
        ('{"input": [], "expected": 2}', "its input does not fit the function: missing a required argument: 'a'"),
        ('{"input": [1, "b", "SECRET"], "expected": 2}', "too many positional arguments; a list holds the positional"),
        ('{"input": {"a": 1, "z": 2}, "expected": 2}', "got an unexpected keyword argument 'z'"),
    ],
)
def test_a_bad_line_is_one_line_with_its_place_and_without_its_values(tmp_path, line, said):
    with pytest.raises(SpecLineError) as caught:
        read(tmp_path, '{"input": 1, "expected": 2}\n' + line)
    text = str(caught.value)
    assert text.startswith("d.jsonl:2: ")
    assert said in text
    assert "SECRET" not in text
    assert "\n" not in text


def test_a_file_that_is_no_text(tmp_path):
    with pytest.raises(SpecLineError, match=r"d.jsonl:1: cannot be read: it is no UTF-8\."):
        read(tmp_path, b"\xff\xff")
    with pytest.raises(SpecLineError, match=r"none.jsonl:1: cannot be read: No such file"):
        read_rows(tmp_path, "none.jsonl", FUNCTION)
