"""Nothing hidden: a body reads as it runs."""

from __future__ import annotations

import tokenize
import unicodedata

from pytest_compiled_ai.gates.base import Candidate, Stage, Subject, Verdict, failing, passing
from pytest_compiled_ai.gates.own import own_text, own_tokens

_PLAIN = frozenset("\n\t\N{VARIATION SELECTOR-16}")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing."""


class Characters:
    """Refuses characters that are not seen or that turn the text around, and identifiers beyond ASCII."""

    name = "characters"
    stage = Stage.SECURITY

    def check(self, candidate: Candidate, subject: Subject) -> Verdict:
        """Look at every character, strings and comments included, and at every name."""
        text = own_text(candidate)
        brought = "\n".join(item.line for item in candidate.imports)
        for char in dict.fromkeys(text + brought):
            if is_hidden(char):
                told = f"the character U+{ord(char):04X} ({unicodedata.name(char, 'unnamed')}) cannot be seen"
                return failing(self, f"{told}; write it as an escape, like '\\u{ord(char):04x}'.")
        names = {token.string for token in own_tokens(candidate) if token.type == tokenize.NAME}
        names |= {item.bound for item in candidate.imports}
        for name in sorted(name for name in names if not name.isascii() and name not in _given(subject)):
            return failing(self, f"the name {name!r} has letters beyond ASCII; use plain letters.")
        return passing(self)


def is_hidden(char: str) -> bool:
    """Tell whether a character shows nothing, or steers how others are shown."""
    if char in _PLAIN or " " <= char <= "~":
        return False
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return is_selector or char in _BLANK or unicodedata.category(char) in _HIDDEN_CATEGORIES


def _given(subject: Subject) -> str:
    """Return the spec's own text, whose names a body has to use."""
    return subject.file.source
