from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.sandbox.codec.bounds import MAX_DEPTH, CodecError
from pytest_compiled_ai.sandbox.codec.text import LONGEST_NUMBER, dump_text, load_text, measure_nesting

scalars = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
trees = st.recursive(scalars | st.text(), lambda inner: st.lists(inner, max_size=4), max_leaves=20)


def depth_of(tree: object) -> int:
    return 1 + max(map(depth_of, tree), default=0) if isinstance(tree, list) else 0


@given(trees)
def test_a_tree_arrives_as_it_was(tree: object) -> None:
    assert load_text(dump_text(tree, 1 << 20), 1 << 20) == tree


@given(trees, st.text('[]{}"\\ab', max_size=30))
def test_the_nesting_is_counted_without_what_stands_in_texts(tree: object, text: str) -> None:
    padding = [[]] * (MAX_DEPTH + 1)
    assert measure_nesting(json.dumps([tree, text, padding, text]).encode()) == max(2, depth_of(tree)) + 1


def test_a_few_brackets_are_not_counted() -> None:
    assert measure_nesting(b"[" * MAX_DEPTH) == 0
    assert measure_nesting(b"[" * (MAX_DEPTH + 1)) == MAX_DEPTH + 1
    assert measure_nesting(b"]" * 500 + b"[" * 200) == 0


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[", b"]", b"{}", b'{"a":1}', b"[1,]", b"NaN", b"[Infinity]", b"-Infinity", b"\xff", b'"\x01"', b"nul", b"1 2",
        b'["a', '"é"'.encode("latin-1"), "[1]".encode("utf-16"), "[1]".encode("utf-32"), "[1]".encode("utf-8-sig"),
        b"1" * (LONGEST_NUMBER + 1), b"1." + b"1" * LONGEST_NUMBER, b"1e" + b"1" * LONGEST_NUMBER,
        b"[" * (MAX_DEPTH + 20), b'{"a":' * (MAX_DEPTH + 20), b'[["\\"' * (MAX_DEPTH + 20),
    ],
)  # fmt: skip
def test_what_is_no_text_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        load_text(data, 1 << 20)


def test_numbers_beside_a_long_one_are_read() -> None:
    digits = "1" * LONGEST_NUMBER
    assert load_text(f'["{digits}1", {digits}, 2, 1.5]'.encode(), 1000) == [f"{digits}1", int(digits), 2, 1.5]


@pytest.mark.parametrize(
    "data", [b'"' + b'\\"' * 1_000_000, b'["' + b"\\" * 1_000_001, b'"[' * 500_000, b'"' * 999_999]
)
def test_texts_without_an_end_take_no_time(data: bytes) -> None:
    with pytest.raises(CodecError):
        load_text(b"[" * 101 + data, 1 << 24)


def test_the_size_is_bounded_in_both_directions() -> None:
    assert dump_text("ab", 4) == b'"ab"'
    for act in (lambda: dump_text("ab", 3), lambda: load_text(b'"ab"', 3)):
        with pytest.raises(CodecError, match="takes 4 bytes, and 3 may be sent"):
            act()
