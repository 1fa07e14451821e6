from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.artifacts.conflict import is_conflicted, sides_of

LINES = st.lists(st.sampled_from(["a", "", "  b", "=====", "# <<<<<<< x", "<<<<<<<x", "======= x"]), max_size=4)


def mark(ours: list[str], base: list[str] | None, theirs: list[str]) -> list[str]:
    middle = [] if base is None else ["||||||| 0a1b2c", *base]
    return ["<<<<<<< HEAD", *ours, *middle, "=======", *theirs, ">>>>>>> other"]


@given(st.lists(st.tuples(LINES, LINES, st.none() | LINES, LINES), min_size=1, max_size=3), LINES)
def test_each_side_is_what_it_was_before_the_merge(hunks, end):
    text, ours, theirs = [], [], []
    for before, mine, base, other in hunks:
        text += [*before, *mark(mine, base, other)]
        ours += [*before, *mine]
        theirs += [*before, *other]
    assert is_conflicted("\n".join([*text, *end]))
    assert sides_of("\n".join([*text, *end])) == ("\n".join([*ours, *end]), "\n".join([*theirs, *end]))


@pytest.mark.parametrize(
    "text",
    ["", "a\n=======\nb\n", "<<<<<<< a\n", ">>>>>>> a\n=======\n<<<<<<< b\n", "'''\n=======\n'''\n# >>>>>>> b\n"],
)
def test_a_text_without_a_whole_conflict_is_one_side(text):
    assert sides_of(text) == (text,)


def test_windows_line_ends():
    assert sides_of("<<<<<<< a\r\nx\r\n=======\r\ny\r\n>>>>>>> b\r\n") == ("x\r\n", "y\r\n")
