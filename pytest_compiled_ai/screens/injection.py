"""Finds text that speaks to the model. A tripwire: whoever knows it can word around it; the jail is the boundary."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_compiled_ai.screens.encoded import find_encoded
from pytest_compiled_ai.screens.model import Hit
from pytest_compiled_ai.screens.phrases import SAID, TURNS
from pytest_compiled_ai.screens.words import read_words

INJECTION = "injection"


def find_injection(text: str) -> Iterator[Hit]:
    """Yield the places that read like instructions to a model, in plain sight or encoded; one for each meaning."""
    yield from _spoken(text)
    for start, hidden in find_encoded(text):
        for hit in _spoken(hidden):
            yield Hit(kind=INJECTION, start=start, end=start + 1, what=f"{hit.what}, encoded")
            break


def _spoken(text: str) -> Iterator[Hit]:
    if turn := TURNS.search(text):
        yield Hit(kind=INJECTION, start=turn.start(), end=turn.end(), what="it has the marks of another chat turn")
    words = read_words(text)
    for what, pattern in SAID:
        if match := pattern.search(words.text):
            start = words.offset(match.start())
            yield Hit(kind=INJECTION, start=start, end=start + 1, what=what)
