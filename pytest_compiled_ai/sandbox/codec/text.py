"""The text of a message: JSON, read within bounds whoever wrote it."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Final, NoReturn

from pytest_compiled_ai.sandbox.codec.bounds import MAX_DEPTH, CodecError, check_size

LONGEST_NUMBER: Final = 32
"""The characters of a number that is written as JSON; longer ones are written as text, in base 16."""

_WRAPPING = 4
_BYTES = bytes(range(256))
_OTHERS = _BYTES.translate(None, b"[]{}")
# +1 for what opens and -1, as a signed byte, for what closes.
_SIGNS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
# A string without an end is taken too: to search for its end from each of its quotes would be quadratic.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+\\?(?:"|\Z)', re.DOTALL)

# Reading a number takes time quadratic in its digits; where there may be a long one, each is looked at.
_MANY_DIGITS = re.compile(rb"[0-9]{%d}" % LONGEST_NUMBER)


def _read_int(text: str) -> int:
    return int(_bound_number(text))


def _read_float(text: str) -> float:
    return float(_bound_number(text))


def _bound_number(text: str) -> str:
    return text if len(text) <= LONGEST_NUMBER else _refuse(text)


def _refuse(_: object) -> NoReturn:
    raise ValueError


_read = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_refuse).decode
_read_bounded = json.JSONDecoder(
    parse_int=_read_int, parse_float=_read_float, parse_constant=_refuse, object_pairs_hook=_refuse
).decode
_write = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode


def dump_text(tree: object, limit: int) -> bytes:
    """Write a tree of lists, texts, numbers, booleans and None, in `limit` bytes at most."""
    return check_size(_write(tree).encode("utf-8"), limit)


def load_text(data: bytes, limit: int) -> object:
    """Read a tree back, without objects of JSON; whatever the bytes are, the only error is a `CodecError`."""
    if measure_nesting(check_size(data, limit)) > MAX_DEPTH + _WRAPPING:
        raise CodecError(f"is nested more than {MAX_DEPTH} deep")
    read = _read_bounded if _MANY_DIGITS.search(data) else _read
    try:
        # Decoded here, as the reader would take UTF-16 too, whose brackets were not counted.
        return read(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CodecError(f"is no message: {type(error).__name__}") from None


def measure_nesting(data: bytes) -> int:
    """Return how deep the brackets of a JSON text go.

    The reader's own guard is the interpreter's recursion limit, which a project may have raised beyond its stack.
    """
    if data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        return 0
    brackets = _STRING.sub(b"", data).translate(_SIGNS, _OTHERS)
    return max(accumulate(memoryview(brackets).cast("b"), initial=0))
