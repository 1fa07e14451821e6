"""Which of some options a text means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import Enum
from typing import TypeVar

__all__ = ["closest_member", "closest_option", "options_in"]

_Member = TypeVar("_Member", bound=Enum)


def closest_option(text: str, options: Sequence[str]) -> str | None:
    """Return the option that a text names or misspells: ("in Celcius", ["celsius"]) gives "celsius".

    A longer option counts before a shorter one, an earlier place before a later one; None where nothing fits.
    """
    if named := options_in(text, options):
        return max(named, key=lambda option: len(_words_of(option)))
    scores = [(_likeness(_words_of(text), _words_of(option)), option) for option in options]
    score, best = max(scores, key=lambda pair: pair[0], default=(0.0, None))
    return best if score >= 0.8 else None


def options_in(text: str, options: Iterable[str]) -> list[str]:
    """Return the options that a text names, in its order: ("b, then a", ["a", "b"]) gives ["b", "a"].

    Capitals, hyphens, underscores and endings like a plural do not count.
    """
    words = _words_of(text)
    places = [(place, option) for option in options if (place := _find(_words_of(option), words)) >= 0]
    return [option for _, option in sorted(places, key=lambda pair: pair[0])]


def closest_member(text: str, kind: type[_Member]) -> _Member | None:
    """Return the member of an enum whose value or name a text names or misspells, else None."""
    texts = {str(member.value): member for member in kind} | {member.name: member for member in kind}
    found = closest_option(text, list(texts))
    return None if found is None else texts[found]


def _words_of(text: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return [_stem(word) for word in re.findall(r"[^\W_]+", spaced.casefold())]


def _stem(word: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("es", ""), ("s", ""), ("ing", ""), ("ed", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word.removesuffix(ending) + instead
    return word


def _find(wanted: list[str], words: list[str]) -> int:
    places = range(len(words) - len(wanted) + 1) if wanted else ()
    return next((place for place in places if words[place : place + len(wanted)] == wanted), -1)


def _likeness(words: list[str], wanted: list[str]) -> float:
    size = len(wanted)
    parts = [" ".join(words[at : at + size]) for at in range(max(1, len(words) - size + 1))] if wanted else []
    return max((SequenceMatcher(None, part, " ".join(wanted)).ratio() for part in parts), default=0.0)
