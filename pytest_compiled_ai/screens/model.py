"""What the input gate reads and says: labelled texts in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Origin = Literal["spec", "data"]
Level = Literal["refuse", "warn", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One text of a prompt.

    `label` says what it is, as in `specs/money.py`; `first_line` is the number of its first line there. `origin` is
    `spec` for what the project's authors wrote and review, `data` for what was retrieved or sampled.
    """

    label: str
    text: str
    origin: Origin = "spec"
    first_line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place in a text that a screen knows, `start` to `end`, in characters.

    `what` describes it without repeating it. `weak` marks what only looks like the thing: a number without a valid
    check digit, a made-up example, a shape that needed its label to be recognised.
    """

    kind: str
    start: int
    end: int
    what: str
    weak: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the input gate says about one place; `line` is counted as the part's `first_line` has it."""

    kind: str
    level: Level
    label: str
    line: int
    what: str

    def __str__(self) -> str:
        """Return `label:line: what it is`."""
        return f"{self.label}:{self.line}: {self.what}"


def strongest(hits: list[Hit]) -> Iterator[Hit]:
    """Yield the hits in text order; of those that overlap, the first certain one, or else the longest."""
    taken: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.weak, hit.start - hit.end, hit.start)):
        if all(hit.end <= other.start or other.end <= hit.start for other in taken):
            taken.append(hit)
    yield from sorted(taken, key=lambda hit: hit.start)


def outline(text: str) -> str:
    """Return the shape of a text, `###-##-####` or `xxx@xxx.xx`: enough to find it by, and nothing of it."""
    shape = "".join("#" if c.isdigit() else "x" if c.isalpha() else c for c in text[:32])
    return shape + ("…" if len(text) > len(shape) else "")
