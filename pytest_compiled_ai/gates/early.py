"""The seam for a gate whose work is slow and safe to begin before the gates in front of it have all said yes."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pytest_compiled_ai.gates.base import Candidate, Subject


@runtime_checkable
class Early(Protocol):
    """A gate that can begin its work before it is asked; its verdict, and when it is heard, stay the same."""

    def begin(self, candidate: Candidate, subject: Subject) -> None:
        """Begin what `check` will be asked for, and return at once."""
        ...

    def abandon(self) -> None:
        """Make an end of what was begun: nobody will ask for it."""
        ...
