from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.compiler.alignment import align


class Word(NamedTuple):
    text: str

    @property
    def key(self):
        return self.text.encode()

    def resembles(self, other):
        return self.text[:1] == other.text[:1]


def aligned(old, new):
    return [
        (before and before.text, word.text) for before, word in align(*(list(map(Word, x.split())) for x in (old, new)))
    ]


def test_equal_ones_first_then_versions_in_their_order():
    assert aligned("a1 b1 c1", "a1 b2 d1 c1") == [("a1", "a1"), ("b1", "b2"), (None, "d1"), ("c1", "c1")]
    assert aligned("a1 b1", "b2 a2") == [("b1", "b2"), (None, "a2")]
    assert aligned("", "a1") == [(None, "a1")]
    assert aligned("a1", "") == []
    assert aligned("a1 a2", "a3 a4 a5") == [("a1", "a3"), ("a2", "a4"), (None, "a5")]


words = st.lists(st.sampled_from(["a1", "a2", "b1", "b2", "c1"]), max_size=8).map(" ".join)


@given(words, words)
def test_every_new_one_comes_once_and_no_old_one_twice(old, new):
    found = aligned(old, new)
    assert [word for _, word in found] == new.split()
    left = iter(old.split())
    assert all(before in left for before, _ in found if before)
    assert aligned(old, old) == [(word, word) for word in old.split()]
