"""What a worker closed around itself before it read its program."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The mechanisms in force; `landlock` is its interface's version, 0 for none, `seccomp` the sealed filter."""

    namespaces: bool
    landlock: int
    seccomp: bool

    def encode(self) -> bytes:
        """Return it as the worker's first words."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, data: bytes) -> Seal:
        """Read the first words of a worker, which it says before it knows any candidate."""
        return cls(**json.loads(data))
