"""The envelopes that a worker and its caller exchange: a kind, a number and some parts, each of a stated length."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

PROGRAM: Final = b"P"
CALL: Final = b"C"
OPEN: Final = b"O"
NEXT: Final = b"N"
SEND: Final = b"S"
THROW: Final = b"T"
CLOSE: Final = b"X"

READY: Final = b"K"
VALUE: Final = b"V"
RETURNED: Final = b"R"
ERROR: Final = b"E"
UNCARRIED: Final = b"U"

_LENGTH: Final = struct.Struct(">I")
_HEAD: Final = struct.Struct(">cI")
PREFIX: Final = _LENGTH.size
"""Bytes in front of a frame that tell its length."""


class FrameError(ValueError):
    """Bytes that are no frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One message; `number` is that of the request which it makes or answers."""

    kind: bytes
    number: int
    parts: tuple[bytes, ...] = ()


def pack(frame: Frame) -> bytes:
    """Return the frame as bytes, its length in front."""
    pieces = [_HEAD.pack(frame.kind, frame.number)]
    for part in frame.parts:
        pieces += (_LENGTH.pack(len(part)), part)
    return _LENGTH.pack(sum(map(len, pieces))) + b"".join(pieces)


def read_length(prefix: bytes) -> int:
    """Return the length that the first `PREFIX` bytes announce."""
    return int(_LENGTH.unpack(prefix)[0])


def unpack(body: bytes) -> Frame:
    """Return the frame that these bytes, without their length, are.

    Raises:
        FrameError: they are none.
    """
    if len(body) < _HEAD.size:
        raise FrameError("a frame is shorter than its head")
    kind, number = _HEAD.unpack_from(body)
    parts, position = [], _HEAD.size
    while position < len(body):
        start = position + _LENGTH.size
        if start > len(body):
            raise FrameError("a part of a frame has no length")
        position = start + read_length(body[position:start])
        if position > len(body):
            raise FrameError("a part of a frame is longer than the frame")
        parts.append(body[start:position])
    return Frame(kind=kind, number=number, parts=tuple(parts))
