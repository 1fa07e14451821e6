"""How long work tells that it moves on, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Somebody who watches: a bar in a terminal, or nobody."""

    def start(self, total: int, text: str) -> None:
        """Begin a piece of work of `total` bytes, which replaces the one before."""
        ...

    def advance(self, count: int) -> None:
        """Note that `count` more bytes are done."""
        ...

    def stage(self, text: str) -> None:
        """Say in a few words what happens now."""
        ...


class Silent:
    """A watcher who does not care."""

    def start(self, total: int, text: str) -> None:
        """Ignore it."""

    def advance(self, count: int) -> None:
        """Ignore it."""

    def stage(self, text: str) -> None:
        """Ignore it."""
