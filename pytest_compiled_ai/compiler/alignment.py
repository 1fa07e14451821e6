"""Which pieces of a new body stand for which of an old one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Protocol, Self, TypeVar


class Alike(Protocol):
    """What can be the same as another by its key, or another version of it."""

    @property
    def key(self) -> bytes:
        """What it means."""
        ...

    def resembles(self, other: Self) -> bool:
        """Tell whether it is another version of one that means something else."""
        ...


T = TypeVar("T", bound=Alike)


def align(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[T | None, T]]:
    """Yield each new piece, in order, with the old one that it is equal to or a version of; None where there is none.

    No old piece comes twice, and they keep their order.
    """
    matcher = SequenceMatcher(None, [each.key for each in old], [each.key for each in new], autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(old[start:end], new[first:last], strict=True)
        else:
            yield from _pair(old[start:end], new[first:last])


def _pair(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[T | None, T]]:
    at = 0
    for piece in new:
        found = next((n for n in range(at, len(old)) if old[n].resembles(piece)), None)
        at = at if found is None else found + 1
        yield None if found is None else old[found], piece
