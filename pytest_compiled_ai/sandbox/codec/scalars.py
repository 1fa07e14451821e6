"""The kinds of data that hold no other data: numbers, texts, bytes, paths."""

from __future__ import annotations

import struct
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from pathlib import PosixPath, PurePosixPath, PureWindowsPath
from types import NoneType
from typing import Any, Final
from uuid import UUID

from pytest_compiled_ai.sandbox.codec.bounds import MAX_BITS, MAX_DIGITS, MAX_RATIO_BITS, CodecError
from pytest_compiled_ai.sandbox.codec.kinds import Kind, Shape

# The thread's own context may write `e` for `E`, and may take a malformed number for a NaN.
_CONTEXT = Context(prec=9, capitals=1, traps=[InvalidOperation])

_TEXT: Final[Shape] = ((str,),)


def _bound(number: int, bits: int) -> int:
    if number.bit_length() > bits:
        raise CodecError(f"is a number of {number.bit_length():,} bits, and {bits:,} may be sent")
    return number


def _split_int(value: int) -> Iterable[object]:
    return (format(_bound(value, MAX_BITS), "x"),)


def _join_int(parts: list[str]) -> int:
    return _bound(int(parts[0], 16), MAX_BITS)


def _split_float(value: float) -> Iterable[object]:
    return (struct.pack(">d", value).hex(),)


def _join_float(parts: list[str]) -> float:
    number: float = struct.unpack(">d", bytes.fromhex(parts[0]))[0]
    return number


def _split_bytes(value: bytes) -> Iterable[object]:
    return (b2a_base64(value, newline=False).decode("ascii"),)


def _join_bytes(parts: list[str]) -> bytes:
    return a2b_base64(parts[0], strict_mode=True)


def _split_str(value: str) -> Iterable[object]:
    return _split_bytes(value.encode("utf-8", "surrogatepass"))


def _join_str(parts: list[str]) -> str:
    return _join_bytes(parts).decode("utf-8", "surrogatepass")


def _split_decimal(value: Decimal) -> Iterable[object]:
    return (_bound_digits(_CONTEXT.to_sci_string(value)),)


def _join_decimal(parts: list[str]) -> Decimal:
    return Decimal(_bound_digits(parts[0]), _CONTEXT)


def _bound_digits(text: str) -> str:
    if len(text) > MAX_DIGITS:
        raise CodecError(f"is a decimal of more than {MAX_DIGITS:,} digits")
    return text


def _split_fraction(value: Fraction) -> Iterable[object]:
    return (_bound(value.numerator, MAX_RATIO_BITS), _bound(value.denominator, MAX_RATIO_BITS))


def _join_fraction(parts: list[int]) -> Fraction:
    return Fraction(_bound(parts[0], MAX_RATIO_BITS), _bound(parts[1], MAX_RATIO_BITS))


def _join_range(parts: list[int]) -> range:
    return range(*parts)


def _span(value: range | slice) -> Iterable[object]:
    return (value.start, value.stop, value.step)


def _text(tag: str, kind: type, split: Callable[[Any], Iterable[object]], join: Callable[[list[Any]], Any]) -> Kind:
    return Kind(tag=tag, type=kind, split=split, join=join, shape=_TEXT)


def _path(tag: str, kind: type) -> Kind:
    return _text(tag, kind, lambda value: (str(value),), lambda parts: kind(parts[0]))


SCALARS: Final = (
    _text("i", int, _split_int, _join_int),
    _text("f", float, _split_float, _join_float),
    _text("s", str, _split_str, _join_str),
    _text("b", bytes, _split_bytes, _join_bytes),
    Kind(
        tag="bytearray",
        type=bytearray,
        split=_split_bytes,
        join=lambda parts: bytearray(_join_bytes(parts)),
        shape=_TEXT,
        refill=lambda target, fresh: target.__setitem__(slice(None), fresh),
    ),
    _text("decimal", Decimal, _split_decimal, _join_decimal),
    _text("uuid", UUID, lambda value: (value.hex,), lambda parts: UUID(parts[0])),
    _path("pureposix", PurePosixPath),
    _path("purewindows", PureWindowsPath),
    _path("path", PosixPath),
    Kind(
        tag="complex",
        type=complex,
        split=lambda value: (value.real, value.imag),
        join=lambda parts: complex(*parts),
        shape=((float,), (float,)),
    ),
    Kind(tag="ratio", type=Fraction, split=_split_fraction, join=_join_fraction, shape=((int,), (int,))),
    Kind(tag="range", type=range, split=_span, join=_join_range, shape=((int,),) * 3),
    Kind(tag="slice", type=slice, split=_span, join=lambda parts: slice(*parts), shape=((NoneType, int),) * 3),
)
