from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.gates.characters import Characters, is_hidden


@pytest.mark.parametrize(
    "char",
    ["\u200b", "\u202e", "\u2066", "\u00ad", "\ufeff", "\u3164", "\u2800", "\ufe0e", "\ue000", "\U000e0041", "\x08"],
)
@pytest.mark.parametrize("body", ["return len('a{}b')", "return n  # a{}b"])
def test_a_character_that_cannot_be_seen_is_refused(cut, body, char):
    verdict = Characters().check(*cut(body.format(char)))
    assert not verdict.passed
    assert f"U+{ord(char):04X}" in verdict.message


@pytest.mark.parametrize(
    "body", ["return len('5 € \u2013 größer')", "return len('\u2764\ufe0f')", "return len('\\u202e')"]
)
def test_letters_of_any_language_and_escapes_may_stand_in_strings(cut, body):
    assert Characters().check(*cut(body)).passed


@pytest.mark.parametrize(
    ("body", "before"),
    [
        ("größe = n\nreturn größe", ""),
        ("return n + int(\uff45val)", ""),
        ("return ö(n)", "from math import sqrt as ö\n"),
    ],
)
def test_a_name_beyond_ascii_is_refused(cut, body, before):
    assert "beyond ASCII" in Characters().check(*cut(body, before=before)).message


def test_a_name_that_the_spec_gives_may_be_used(cut):
    spec = "from pytest_compiled_ai import spec\n\n@spec\ndef f(größe: int) -> int:\n    ...\n"
    assert Characters().check(*cut("return größe", spec=spec)).passed


@given(st.characters(categories=["L", "N", "P", "S"]))
def test_what_shows_is_not_hidden(char):
    assert not is_hidden(char) or char in "\u115f\u1160\u2800\u3164\uffa0"
