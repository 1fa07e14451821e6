"""Characters that a reviewer cannot see, or takes for others: a model reads what nobody approved."""

# ruff: noqa: RUF001 - ambiguous letters are the subject
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pytest_compiled_ai.screens.model import Hit

HIDDEN = "hidden character"
LOOKALIKE = "lookalike letters"

_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f")
"""Letters and marks that draw nothing; their category does not tell."""
_LAYOUT = frozenset("\t\n\r\f")
_JOINERS = frozenset("\u200c\u200d")
_LATIN_LIKE = {
    **dict(zip("АВЕЅІЈКМНОРСТУХҮԜԚаеѕіјорсухүһԁԛԝѵ", "ABESIJKMHOPCTYXYWQaesijopcyxyhdqwv", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνορυ", "ABEZHIKMNOPTYXvopu", strict=True)),
    **dict(zip("ԱՕՍոսօ", "UOUnuo", strict=True)),
    **dict(zip("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "ABCDEHJKLMPRSTVWZ", strict=True)),
}
"""Cyrillic, Greek, Armenian and Cherokee letters that look Latin in common fonts, by their Latin twin."""
_ODD = re.compile(r"[^\t\n\r\f -~]")
_WORD = re.compile(r"[^\W\d_]{3,}")


def find_hidden(text: str) -> Iterator[Hit]:
    """Yield every run of invisible, direction-changing, private or control characters, and every disguised word."""
    end = -1
    for match in _ODD.finditer(text):
        at = match.start()
        if at >= end and is_hidden(text, at):
            end = at + 1
            while end < len(text) and is_hidden(text, end):
                end += 1
            yield Hit(kind=HIDDEN, start=at, end=end, what=_describe(text[at:end]))
    for match in () if text.isascii() else _WORD.finditer(text):
        unlike = [char for char in match[0] if char in _LATIN_LIKE]
        if unlike and any("A" <= char <= "z" for char in match[0]):
            twin = f"U+{ord(unlike[0]):04X} {unicodedata.name(unlike[0])}"
            yield Hit(kind=LOOKALIKE, start=match.start(), end=match.end(), what=f"a Latin word with {twin} in it")


def is_hidden(text: str, at: int) -> bool:
    """Return whether the character at a place is one that does not show, or is out of place there.

    Joiners and variation selectors shape what stands before them: emoji, and the scripts that need them.
    """
    char = text[at]
    if char in _LAYOUT:
        return False
    before = text[at - 1] if at else ""
    if "\ufe00" <= char <= "\ufe0f":
        return not _varies(before)
    if char in _JOINERS:
        after = text[at + 1 : at + 2]
        return not (_shapes(before) and _shapes(after))
    category = unicodedata.category(char)
    return category in {"Cc", "Cf", "Co", "Cs"} or char in _BLANK or 0xE0000 <= ord(char) <= 0xE0FFF


def unmask(word: str) -> str:
    """Return a word with its lookalikes replaced by what they look like, if it pretends to be Latin."""
    if word.isascii() or not any("A" <= c <= "z" for c in word):
        return word
    return "".join(_LATIN_LIKE.get(c, c) for c in word)


def _shapes(char: str) -> bool:
    """Return whether a joiner may stand beside a character: emoji (with their modifiers), Arabic and Indic letters."""
    if not char:
        return False
    return char == "\ufe0f" or unicodedata.category(char) in {"So", "Sk", "Mn", "Mc"} or "\u0600" <= char <= "\u109f"


def _varies(char: str) -> bool:
    """Return whether a variation selector may follow a character: one that shows, and no second selector."""
    if not char or char.isascii():
        return char != "" and char in "#*0123456789"
    return unicodedata.category(char)[0] in "LSPN" and char not in _BLANK


def _describe(run: str) -> str:
    name = unicodedata.name(run[0], "private use" if unicodedata.category(run[0]) == "Co" else "control")
    more = f" and {len(run) - 1} more" if len(run) > 1 else ""
    return f"the character U+{ord(run[0]):04X} {name}{more}, which does not show; write it as an escape"
