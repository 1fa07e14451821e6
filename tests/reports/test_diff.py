from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.reports.diff import CONTEXT, Piece, diff_rows, reveal, unified_diff

LINES = st.lists(st.sampled_from(["a = 1", "b = 2", "a = 2", "", "    return x"]), max_size=20).map("\n".join)


def texts(rows, side):
    return [
        "".join(piece.text for piece in row[2 if side == "old" else 4])
        for row in rows
        if row[1 if side == "old" else 3]
    ]


@given(LINES, LINES)
def test_every_changed_line_is_shown_with_its_number(old, new):
    rows = list(diff_rows(old, new))
    for side, text in (("old", old), ("new", new)):
        numbers = [row[1 if side == "old" else 3] for row in rows if row[1 if side == "old" else 3]]
        lines = text.splitlines()
        assert numbers == sorted(numbers)
        assert texts(rows, side) == [lines[number - 1] for number in numbers]
    assert all(texts([row], "old") == texts([row], "new") for row in rows if row.kind == "same")
    assert bool(rows) == (old.splitlines() != new.splitlines())


def test_a_change_in_a_line_is_marked():
    (row,) = diff_rows("return n + 1", "return n - 1")
    assert row.old == (Piece("return n ", False), Piece("+", True), Piece(" 1", False))
    assert row.new == (Piece("return n ", False), Piece("-", True), Piece(" 1", False))


def test_a_word_that_came_is_marked_on_its_side_alone():
    (row,) = diff_rows("return n", "return n + 1")
    assert row.old == (Piece("return n", False),)
    assert row.new == (Piece("return n", False), Piece(" + 1", True))


def test_lines_that_have_nothing_in_common_are_not_marked():
    (row,) = diff_rows("alpha", "12345")
    assert (row.old, row.new) == ((Piece("alpha", False),), (Piece("12345", False),))


def test_lines_far_from_a_change_are_left_out():
    old = [str(n) for n in range(40)]
    new = [*old[:10], "x", *old[11:30], "y", *old[31:]]
    kinds = [row.kind for row in diff_rows("\n".join(old), "\n".join(new))]
    near = ["same"] * CONTEXT
    assert kinds == ["gap", *near, "changed", *near, "gap", *near, "changed", *near, "gap"]
    assert [row.kind for row in diff_rows("a", "b")] == ["changed"]


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x1b", "\x0c", "\u2028", "\r", "\ufeff"])
def test_what_cannot_be_seen_is_shown(hidden):
    assert reveal(f"a{hidden}b") == f"a<U+{ord(hidden):04X}>b"
    assert f"+a<U+{ord(hidden):04X}>b\n" in unified_diff("x", "", f"a{hidden}b\n")


def test_what_can_be_seen_stays():
    assert reveal("é\t中\n€ 👍") == "é\t中\n€ 👍"


def test_a_unified_diff_names_both_sides():
    assert unified_diff("x.py", "a\n", "b\n") == "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n"
    assert unified_diff("x.py", "", "b\n").startswith("--- /dev/null\n+++ b/x.py\n")
    assert unified_diff("x.py", "a\n", "").startswith("--- a/x.py\n+++ /dev/null\n")
    assert unified_diff("x.py", "a\n", "a\n") == ""
