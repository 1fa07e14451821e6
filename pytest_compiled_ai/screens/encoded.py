"""Text that hides in text: base64, hex, and words written backwards."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

_BASE64 = re.compile(r"(?<![\w+/-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=-])")
_HEX = re.compile(r"(?<!\w)(?:[0-9A-Fa-f]{2,}[ :]?){8,}(?!\w)")
_BACKWARDS = re.compile(r"\b(?:snoitcurtsni|tpmorp|erongi|dragersid)\b", re.I)
_READABLE = re.compile(r"[\s!-~]{8,}")


def find_encoded(text: str) -> Iterator[tuple[int, str]]:
    """Yield what a text carries in another writing, with the place where it stands."""
    for match in _BASE64.finditer(text):
        yield from _readable(match.start(), _read_base64(match[0]))
    for match in _HEX.finditer(text):
        yield from _readable(match.start(), _read_hex(match[0]))
    if found := _BACKWARDS.search(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
        yield found.start(), line[::-1]


def _readable(start: int, raw: bytes) -> Iterator[tuple[int, str]]:
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    if _READABLE.fullmatch(decoded) and " " in decoded:
        yield start, decoded


def _read_base64(token: str) -> bytes:
    bare = token.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_" if set(bare) & set("-_") else None)
    except binascii.Error:
        return b""


def _read_hex(token: str) -> bytes:
    digits = re.sub(r"[ :]", "", token)
    return bytes.fromhex(digits) if len(digits) % 2 == 0 else b""
