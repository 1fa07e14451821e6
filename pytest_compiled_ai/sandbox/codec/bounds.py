"""What a message may be at most, and the one error of the codec."""

from __future__ import annotations

from typing import Final

from pytest_compiled_ai.errors import CompiledAIError

MAX_BYTES: Final = 8 << 20
"""The length of one message, where the caller gives no other."""

MAX_DEPTH: Final = 100
"""How many values may lie in one another; what contains itself ends here."""

MAX_BITS: Final = 1 << 23
"""The size of one integer."""

MAX_RATIO_BITS: Final = 1 << 15
"""The size of a fraction's two parts: to build one takes a greatest common divisor, which is quadratic."""

MAX_DIGITS: Final = 1 << 20
"""The digits of one decimal; its exponent is free, as nothing here computes with it."""

MAX_COLLISIONS: Final = 100
"""How many keys of one dict or set may share a hash: equal hashes make building it quadratic."""

_LONGEST_PLACE = 80


class CodecError(CompiledAIError):
    """A value that cannot be carried, or bytes that are no message.

    `place` leads to the value from the one that was given, as `[2].name`; it is empty for that one itself.
    """

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(problem, place)
        self.problem = problem
        self.place = place

    def __str__(self) -> str:
        place = self.place if len(self.place) <= _LONGEST_PLACE else f"...{self.place[-_LONGEST_PLACE:]}"
        return f"the value at `{place}` {self.problem}" if place else f"the value {self.problem}"

    def within(self, step: str) -> CodecError:
        """Return the same error as seen from one value further out."""
        return CodecError(self.problem, step + self.place)


def check_size(data: bytes, limit: int) -> bytes:
    """Return the message, or raise `CodecError` where it has more bytes than may be sent."""
    if len(data) > limit:
        raise CodecError(f"takes {len(data):,} bytes, and {limit:,} may be sent")
    return data


def name_type(kind: type) -> str:
    """Return the name that a reader knows a class by."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def shorten(text: str, length: int = 60) -> str:
    """Return the text, cut where it is longer than a message should hold."""
    return text if len(text) <= length else f"{text[: length - 3]}..."
