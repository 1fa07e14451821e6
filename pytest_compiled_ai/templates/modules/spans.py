"""Parts of a text: what is quoted, what follows a word, names, enumerations, and values written as in code."""

from __future__ import annotations

import ast
import re
from typing import Any

__all__ = ["items_in", "literals_in", "names_in", "places_in", "quoted_in", "text_after", "text_between"]

_QUOTED = re.compile(
    r"\"([^\"]+)\"|\u201c([^\u201d]+)\u201d|\u00ab([^\u00bb]+)\u00bb|\u201e([^\u201c\u201d]+)[\u201c\u201d]|`([^`]+)`"
    r"|(?<!\w)'((?:[^']|'(?=\w))+)'(?!\w)|\u2018((?:[^\u2019]|\u2019(?=\w))+)\u2019(?!\w)"
)
_OPENING = re.compile(
    r"an?|about|after|all|also|am|and|any|are|as|at|be|before|but|by|can|could|did|do|does|find|for|from|get|give|had|has|have"
    r"|he|hello|hey|hi|his|how|if|in|is|it|its|let|list|may|me|might|must|my|need|no|not|of|on|or|our|please|she|should|show"
    r"|so|some|tell|than|thanks?|that|the|their|them|then|there|these|they|this|to|today|tomorrow|us|want|was|we|were|what"
    r"|when|where|which|who|whom|whose|why|will|with|would|yes|yesterday|your?|(?:it|let|what|that|there)['\u2019]s"
    r"|(?:ca|could|did|do|does|had|has|have|is|are|should|was|were|wo|would)n?['\u2019]t"
    r"|i(?:['\u2019](?:m|d|ve|ll))?|book|calculate|check|compute|convert|create|determine|make|order|search|send|set",
    re.IGNORECASE,
)
_CAPITALISED = r"[A-Z\u00c0-\u00de](?:\.(?=[ ]?[A-Z])|[\w'\u2019&-]*)"
_SHORT = r"(?:St|Mt|Ft|Mr|Mrs|Ms|Dr|Jr|Sr|Prof)\."
_PARTICLE = r"(?:of|the|de|van|von|der|da|di|la|le|del|du|des|sur|upon|&)"
_NAME = re.compile(rf"\b(?:{_SHORT}|{_CAPITALISED})(?:[ ](?:{_PARTICLE}[ ]){{0,2}}(?:{_SHORT}|{_CAPITALISED}))*")
_PLACE = re.compile(
    rf"\b(?:in|at|from|to|near|around|for|of|visit)\s+(?P<place>{_NAME.pattern}(?:, ?{_NAME.pattern})*)"
)
_NAME_END = re.compile(r"['\u2019]s$|['\u2019&.-]+$")
_PREDICATE = re.compile(r"\s+(?!(?:is|was|are|were|has|had|will|wants?|and|or|to|vs)\b)[a-z]")
_PHRASE_END = (
    r"(?=[;!?\n]|[.,:](?![\w/\\])(?! (?-i:[A-Z]{2})\b)|\s+(?:and|but|or|so|then|because|which|that|who|whose|please|at"
    r"|by|for|from|in|on|to|using|with|between|during|within)\b|\s+[(\[]|$)"
)
_BRACKETS = {"[": "]", "(": ")", "{": "}"}


def quoted_in(text: str) -> list[str]:
    """Return what stands in quotes: "play 'Let It Be' now" gives ["Let It Be"]."""
    return [next(filter(None, match.groups())).strip() for match in _QUOTED.finditer(text)]


def text_after(text: str, *words: str) -> str:
    """Return the phrase after one of some words: ("to Rome, today", "to") gives "Rome"."""
    return _cut(text, words, rf"(?:\s*[:=]|\s+(?:is|are|was|were)\b)?\s*(?P<cut>\S.*?){_PHRASE_END}")


def text_between(text: str, before: str, after: str) -> str:
    """Return what stands between two words: ("from Rome to New York", "from", "to") gives "Rome"."""
    return _cut(text, [before], rf"\s*(?P<cut>\S.*?)\s*(?<!\w){re.escape(after)}(?!\w)")


def names_in(text: str) -> list[str]:
    """Return the names in a text, by their capitals: "is Bonn in Ohio?" gives ["Bonn", "Ohio"].

    A word that begins a sentence is none where it is a common one, or where the sentence goes on in small letters.
    """
    found = []
    for match in _NAME.finditer(text):
        words = match[0].split(" ")
        while words and _OPENING.fullmatch(words[0]):
            words = words[1:]
        name = _NAME_END.sub("", " ".join(words))
        before = text[max(0, match.start() - 9) : match.start()].rstrip(" \"'(")
        is_begun = before[-1:] in ".!?:\n" and len(words) == 1 and _PREDICATE.match(text, match.end())
        if len(name) > 1 and not is_begun:
            found.append(name)
    return found


def places_in(text: str) -> list[str]:
    """Return the names behind "in", "to", "near" or the like: "now in Bonn, Ohio" gives ["Bonn, Ohio"]."""
    return [_NAME_END.sub("", match["place"]) for match in _PLACE.finditer(text)]


def items_in(text: str) -> list[str]:
    """Return the parts of an enumeration: "red, green and blue." gives ["red", "green", "blue"]."""
    parts = re.split(r"\s*(?:,\s+(?:and|or|&)\s+|,(?!\d{3}(?!\d))|[;\n]|\s(?:and|or|&)\s)\s*", text)
    return [item for part in parts if (item := part.strip(" \t.!?:'\"[](){}"))]


def literals_in(text: str) -> list[Any]:
    """Return the lists, tuples and dicts in a text that are written as in code: "a=[[1], [2]]" gives [[[1], [2]]]."""
    found, end = [], 0
    for match in re.finditer(r"[\[({]", text):
        if match.start() < end:
            continue
        cut = _bracketed(text, match.start())
        value = _read_literal(cut)
        if isinstance(value, list | tuple | dict | set):
            found.append(value)
            end = match.start() + len(cut)
    return found


def _cut(text: str, words: tuple[str, ...] | list[str], rest: str) -> str:
    found = [
        (match.start(), match["cut"].strip())
        for word in words
        if (match := re.search(rf"(?<!\w){re.escape(word)}(?!\w){rest}", text, re.IGNORECASE | re.DOTALL))
    ]
    return min(found, default=(0, ""))[1]


def _bracketed(text: str, start: int) -> str:
    """Return the text from an opening bracket to the one that closes it."""
    closing: list[str] = []
    for at in range(start, min(len(text), start + 2000)):
        if text[at] in _BRACKETS:
            closing.append(_BRACKETS[text[at]])
            if len(closing) > 50:
                return ""
        elif closing and text[at] == closing[-1]:
            closing.pop()
            if not closing:
                return text[start : at + 1]
    return ""


def _read_literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
