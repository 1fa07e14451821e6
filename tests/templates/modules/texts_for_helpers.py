"""Texts that a helper must be able to read, whatever it makes of them."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = (
    "12 -3.5 1,234 .5 1e9 9e999 1/2 3 1/0 0.0.0.0 12/02/2018 2018-13-45 25/FEB/17 Feb 29 7:61 pm 24:00 $ \u20ac RM (5.00) "
    "5.00- two and a half dozen hundred million % 'a \"b \u201cc\u201d [1, [2] {3: 4 ( ) ] TOTAL: to of and , ; . ? The Bank \u0663 \u00b2 \u2212 "
    "\u00bd \u0130 \u1e9e \x00 \n \t \u2028 km/h m/s^2 per degrees last next ago monday tomorrow"
)
PIECES = _WORDS.split(" ")
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
