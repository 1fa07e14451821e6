"""A text as the plain words a model reads out of it, whatever it is dressed in."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_compiled_ai.screens.unicode import unmask

_TOKEN = re.compile(r"\w+|[.!?;](?=\s|$)")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][^\w\s]{1,3}){3,}[^\W\d_](?!\w)|(?<!\w)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)")
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})")
_ACCENTS = re.compile("[\u0300-\u036f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_QUOTES = re.compile("(?<=\\w)['\u2019](?=[a-z])")
_LETTERS = str.maketrans("013457", "oieast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Lower-case words with one space between them, `.` where a sentence ends; `places` and `offsets` lead back."""

    text: str
    places: tuple[int, ...]
    offsets: tuple[int, ...]

    def offset(self, place: int) -> int:
        """Return where in the original the word at a place of `text` stands, at least on the right line."""
        return self.offsets[bisect_right(self.places, place) - 1]


def read_words(text: str) -> Words:
    """Return the words of a text.

    Compatibility forms, lookalikes, accents, spaced-out letters and digits for letters are undone; `snake_case` and
    `camelCase` are split.
    """
    words, places, offsets, place = [], [], [], 0
    for offset, word in _tokens(text):
        words.append(word)
        places.append(place)
        offsets.append(offset)
        place += len(word) + 1
    return Words(text=" ".join(words), places=tuple(places), offsets=tuple(offsets))


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        if not line.strip():
            yield start, "."
        for match in _TOKEN.finditer(_plain(line)):
            yield start, _word(match[0])
        start += len(line) + 1


def _plain(line: str) -> str:
    line = line.replace("\\n", " ").replace("\\t", " ")
    if not line.isascii():
        line = _INVISIBLE.sub("", unicodedata.normalize("NFKC", line))
        line = re.sub(r"\w+", lambda found: unmask(found[0]), line)
        line = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", line)))
    line = _QUOTES.sub("", line.replace("_", " "))
    line = _SPACED.sub(lambda found: re.sub(r"[\W_]", "", found[0]), line)
    return _CAMEL.sub(" ", line)


def _word(token: str) -> str:
    if not token[0].isalnum():
        return "."
    token = token.casefold()
    return token.translate(_LETTERS) if not token.isalpha() and not token.isdigit() else token
