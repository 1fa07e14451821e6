"""Texts that a function for any text must bear: changes of those that it is tested with, and any others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

_DIGITS = str.maketrans("0123456789", "".join(unicodedata.lookup(f"ARABIC-INDIC DIGIT {name}") for name in (
    "ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"
)))  # fmt: skip
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits to `str.isdigit`, and none to `int`."""

MUTATIONS: tuple[Callable[[str], str], ...] = (
    lambda text: text[:0],
    lambda text: text[: len(text) // 2],
    lambda text: text[len(text) // 2 :],
    lambda text: text[1:],
    lambda text: text[:-1],
    lambda text: text + text,
    lambda text: f"{text}\n{text}",
    str.swapcase,
    lambda text: text.translate(_DIGITS),
    lambda text: text.translate(_POWERS),
    lambda text: re.sub(r"\d", "", text),
    lambda text: re.sub(r"\d", "9", text),
    lambda text: re.sub(r"[^\W\d_]+", "", text),
    lambda text: re.sub(r"\w+", "", text),
    lambda text: re.sub(r"[^\w\s]", "", text),
    lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"),
    lambda text: re.sub(r"\s+", "", text),
    lambda text: f" \t{text}\n ",
    lambda text: text[::-1],
    lambda text: f"\0{text}\N{ZERO WIDTH SPACE}",
)
_NEAR = "aZ09 .,:;-/$€%()[]{}'\"\n\t²٣"

TEXTS: st.SearchStrategy[str] = st.one_of(
    st.text(_NEAR, max_size=16), st.text("0123456789.,-:/ ", max_size=12), st.text(max_size=24)
)


def change_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value with every text inside of it changed; keys of dicts stay."""
    match value:
        case str():
            return change(value)
        case list() | tuple():
            return type(value)(change_texts(item, change) for item in value)
        case dict():
            return {key: change_texts(item, change) for key, item in value.items()}
    return value
