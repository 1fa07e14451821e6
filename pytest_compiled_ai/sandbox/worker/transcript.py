"""What a worker was asked and what it answered, short enough to be sent along with a test's result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from pytest_compiled_ai.sandbox.worker import frames
from pytest_compiled_ai.sandbox.worker.frames import Frame

_STEPS: Final = frozenset({frames.NEXT, frames.SEND, frames.THROW, frames.CLOSE})
_MOST: Final = 200
"""Pairs that one test may add: some hundred examples of a property, and little beside a report's other text."""
_QUESTION, _ANSWER = 6, 4


class Transcript:
    """Pairs of hashes, of a question and of its answer, without an order: a test may ask from several threads.

    Each step of a generator is a question that all the steps before it are part of.
    """

    def __init__(self) -> None:
        self._pairs: set[str] = set()
        self._walks: dict[bytes, bytes] = {}

    def add(self, kind: bytes, parts: tuple[bytes, ...], answer: Frame) -> None:
        """Note one exchange; that of the program is none that could differ."""
        if kind == frames.PROGRAM:
            return
        asked = _digest(_QUESTION, kind, (self._walks.get(parts[0], b""), *parts[1:]) if kind in _STEPS else parts)
        if kind in _STEPS:
            self._walks[parts[0]] = asked
        elif kind == frames.OPEN:
            self._walks[b"%d" % answer.number] = asked
        if len(self._pairs) < _MOST:
            self._pairs.add(f"{asked.hex()}:{_digest(_ANSWER, answer.kind, answer.parts).hex()}")

    def take(self) -> str:
        """Return the pairs since the last call, as text."""
        pairs, self._pairs = self._pairs, set()
        return " ".join(sorted(pairs))


def read_answers(transcripts: Iterable[str]) -> dict[str, set[str]]:
    """Return the answers to each question; one that was always answered alike has one."""
    answers: dict[str, set[str]] = {}
    for transcript in transcripts:
        for pair in transcript.split():
            question, _, answer = pair.partition(":")
            answers.setdefault(question, set()).add(answer)
    return answers


def _digest(size: int, kind: bytes, parts: tuple[bytes, ...]) -> bytes:
    return hashlib.blake2b(frames.pack(Frame(kind=kind, number=0, parts=parts)), digest_size=size).digest()
