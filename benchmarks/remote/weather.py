"""What goes wrong at an endpoint, by a seed: the same question meets the same fate each time a run is repeated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

Fate = Literal["answer", "429", "500", "503", "cut", "slow", "garbage"]
FAULTS: Final[tuple[Fate, ...]] = ("429", "500", "503", "cut", "slow", "garbage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How an endpoint fares.

    `latency` is the seconds before an answer, `slow` those of a slow one. A `share` of the requests meets one of the
    `faults`, which a hash of its content, its count and `seed` chooses. A 429 asks for `retry_after` seconds.
    """

    latency: float = 0.0
    share: float = 0.0
    faults: tuple[Fate, ...] = FAULTS
    seed: int = 0
    slow: float = 5.0
    retry_after: float = 1.0

    def fate_of(self, content: str, count: int) -> Fate:
        """Return what becomes of the request with that content that came for the `count`-th time."""
        digest = hashlib.sha256(f"{self.seed}:{count}:{content}".encode()).digest()
        roll = int.from_bytes(digest[:8], "big") / 2**64
        return "answer" if roll >= self.share else self.faults[int(roll / self.share * len(self.faults))]
