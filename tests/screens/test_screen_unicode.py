# ruff: noqa: RUF001 - ambiguous letters are the subject
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.screens.unicode import HIDDEN, LOOKALIKE, find_hidden, unmask

CODES = (
    0x200B, 0x200C, 0x200D, 0x2060, 0xAD, 0xFEFF, 0x202E, 0x2066, 0x200E, 0x61C, 0xE000, 0xF0000, 0xE0041, 0xE0100,
    0x00, 0x07, 0x1B, 0x7F, 0x85, 0x115F, 0x3164, 0xFFA0, 0x2800, 0x34F, 0xFE0F, 0xD800,
)  # fmt: skip


@pytest.mark.parametrize("char", [chr(code) for code in CODES], ids=[f"{code:04X}" for code in CODES])
def test_what_does_not_show_is_found(char):
    (hit,) = find_hidden(f"Return{char}n.")
    assert (hit.kind, hit.start, hit.end) == (HIDDEN, 6, 7)
    assert f"U+{ord(char):04X}" in hit.what
    assert char not in hit.what


@pytest.mark.parametrize(
    "text",
    [
        "plain\ttext\r\nwith a form feed \f",
        "é ß Å 日本語 עברית العربية",
        "Δx, µm, λ-calculus, Ωm, кВт",
        "[A-Za-zА-Яа-я]",
        "\u2764\ufe0f 1\ufe0f\u20e3 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f469\U0001f3fd\u200d\U0001f692",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0915\u094d\u200d\u0937",
        "a non-breaking\u00a0space, 1\u202f000",
        "an escape: \\u200b",
        "МИР и world",
    ],
)
def test_ordinary_writing_passes(text):
    assert list(find_hidden(text)) == []


def test_a_run_is_one_hit():
    (hit,) = find_hidden("a\u200b\u200b\u200bb")
    assert (hit.start, hit.end) == (1, 4)
    assert "and 2 more" in hit.what


@pytest.mark.parametrize("word", ["p\u0430ssword", "\u0410dmin", "r\u03bf\u03bft", "\u13aapple", "\u0585pen"])
def test_a_disguised_word_is_found(word):
    (hit,) = find_hidden(f"the {word}.")
    assert (hit.kind, hit.start, hit.end) == (LOOKALIKE, 4, 4 + len(word))
    assert unmask(word).isascii()


def test_only_a_word_that_pretends_is_unmasked():
    assert unmask("сор") == "сор"
    assert unmask("plain") == "plain"


@given(st.text(st.characters(categories=["Cc", "Cf", "Co"], exclude_characters="\t\n\r\f\u200c\u200d"), min_size=1))
def test_nothing_hidden_is_overlooked(text):
    assert sum(hit.end - hit.start for hit in find_hidden(f"a{text}b")) == len(text)


@given(st.text(st.characters(categories=["Ll", "Lu", "Nd", "Zs"], max_codepoint=0x24F)))
def test_latin_text_is_never_refused(text):
    assert [hit for hit in find_hidden(text) if unicodedata.category(text[hit.start]) not in {"Cc", "Cf"}] == []


def test_selectors_in_a_row_carry_something():
    (hit,) = find_hidden("\u2764" + "\ufe0f" * 5000)
    assert (hit.start, hit.end) == (2, 5001)


def test_a_run_ends_with_its_line():
    assert [(hit.start, hit.end) for hit in find_hidden("a\u200b\n\ufe0fb")] == [(1, 2), (3, 4)]


def test_a_joiner_at_an_edge_joins_nothing():
    assert [hit.start for hit in find_hidden("\u200dn, \u0646\u200c")] == [0, 5]
