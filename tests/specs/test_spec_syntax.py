from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.specs.model import SpecLineError
from pytest_compiled_ai.specs.syntax import (
    clean_docstring,
    docstring_of,
    dotted_name,
    lines_of,
    parse_expression,
    parse_source,
    read_source,
    segment_of,
)

LINES = st.lists(st.sampled_from(["", "a", "  b", "    c d", "\tx", ">>> f(1)", "é"]), min_size=1, max_size=6)


@given(LINES)
def test_docstrings_are_cleaned_as_inspect_does_but_for_trailing_spaces(lines: list[str]) -> None:
    text = "\n".join(lines)
    expected = "\n".join(line.rstrip(" ") for line in inspect.cleandoc(text).split("\n")).strip("\n")
    assert clean_docstring(text) == expected


def test_cleaning_knows_one_kind_of_space() -> None:
    assert clean_docstring("\n  a  \n\n    \u00a0b\n  ") == "a\n\n  \u00a0b"


@given(LINES, st.integers(1, 12))
def test_indentation_of_the_whole_does_not_matter(lines: list[str], depth: int) -> None:
    first, *others = [line.expandtabs() for line in lines]
    moved = [" " * depth + line for line in others]
    assert clean_docstring("\n".join([first, *moved])) == clean_docstring("\n".join([first, *others]))


def test_line_ends_and_byte_order_mark_are_read_away(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_source(path, "a.py") == "a\nb\nc\n"


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    with pytest.raises(SpecLineError, match=r"^a\.py:1: cannot be read: No such file or directory\.$"):
        read_source(path, "a.py")
    path.write_bytes(b"ab\xff")
    with pytest.raises(SpecLineError, match=r"^a\.py:1: is not UTF-8 \(byte 2\); save it as UTF-8\.$"):
        read_source(path, "a.py")


def test_bad_syntax_is_named_with_its_line() -> None:
    with pytest.raises(SpecLineError, match=r"^a\.py:2: is not valid Python: ") as caught:
        parse_source("x = 1\ny = = 2\n", "a.py")
    assert caught.value.line == 2


def test_null_bytes_and_endless_nesting_are_bad_syntax() -> None:
    for source in ("x = '\0'", "(" * 5000 + ")" * 5000, "-" * 100_000 + "1"):
        with pytest.raises(SpecLineError, match=r"^a\.py:\d+: is not valid Python: ."):
            parse_source(source, "a.py")


def test_the_compilers_warnings_do_not_stop_parsing() -> None:
    assert isinstance(parse_source("x = '\\d'", "a.py"), ast.Module)


def test_dotted_names() -> None:
    values = [node.value for node in ast.parse("a\na.b.c\na().b\n1").body if isinstance(node, ast.Expr)]
    assert [dotted_name(value) for value in values] == ["a", "a.b.c", None, None]


def test_docstrings() -> None:
    assert docstring_of(ast.parse("'a'").body) == "a"
    assert docstring_of(ast.parse("1").body) is None
    assert docstring_of(ast.parse("f'a'").body) is None
    assert docstring_of([]) is None


def test_expressions_in_strings() -> None:
    parsed = parse_expression(" list[int] ")
    assert parsed is not None
    assert ast.unparse(parsed) == "list[int]"
    assert parse_expression("not a type") is None
    assert parse_expression("a\0") is None


@pytest.mark.parametrize(
    "source",
    [
        "x = 1; y = 'é' + \"ü\"\n",
        'def f():\n    """Ä.\n\n    é\n    """\n    return [\n        1,  # ö\n    ]\n',
        "a = 1\x0c\nb = '\u2028'\nc = (1,\n 2)",
    ],
)
def test_segments_are_those_of_the_standard_library(source: str) -> None:
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt | ast.expr)]
    assert [segment_of(source, node) for node in nodes] == [ast.get_source_segment(source, node) for node in nodes]


def test_lines_are_counted_as_the_parser_counts_them() -> None:
    assert lines_of("a\x0cb\né\u2028\n") == (b"a\x0cb", "é\u2028".encode(), b"")
