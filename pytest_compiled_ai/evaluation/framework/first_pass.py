"""Reliability of generation: how often the first candidate passes a stage, and how often one has to be made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STAGES = ("output", "security", "syntax", "execution", "accuracy")
"""In the order in which a candidate meets them; `output` is the reply before there is a candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How one body was made: the number of the attempt that passed, and the stages that refused those before it.

    `refused` is None where the record is older than this figure: to take those that passed at once for known would
    make the rates better than they are.
    """

    attempt: int
    refused: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPass:
    """FirstPassRate = passed at the first attempt / all (arXiv:2604.05150, validation), overall and for each stage.

    Bodies count, not specs that never got one. `stages` maps a stage to (first candidates that passed it, first
    candidates that reached it), of the bodies whose record tells; it is empty where none does. `regenerations` maps how
    many candidates had to be made anew to how many bodies needed so many.
    """

    bodies: int
    first: int
    stages: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    regenerations: Mapping[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """The share of the bodies that passed at the first attempt, None where there are none."""
        return self.first / self.bodies if self.bodies else None


def read_making(record: Mapping[str, Any]) -> Making | None:
    """Return how a body was made, None where its record does not tell, as where a person edited it."""
    attempt, refused = record.get("attempt"), record.get("refused")
    if not isinstance(attempt, int) or attempt < 1:
        return None
    if not isinstance(refused, list):
        return Making(attempt=attempt, refused=None)
    stages = tuple(str(each.get("stage", "")) for each in refused if isinstance(each, dict))
    return Making(attempt=attempt, refused=stages)


def count_first_passes(makings: Sequence[Making]) -> FirstPass:
    """Return the rates over these bodies."""
    known = [making.refused for making in makings if making.refused is not None]
    ends = [STAGES.index(refused[0]) if refused and refused[0] in STAGES else len(STAGES) for refused in known]
    stages = {
        stage: (sum(end > place for end in ends), sum(end >= place for end in ends))
        for place, stage in enumerate(STAGES)
        if known
    }
    return FirstPass(
        bodies=len(makings),
        first=sum(making.attempt == 1 for making in makings),
        stages=stages,
        regenerations=dict(sorted(Counter(making.attempt - 1 for making in makings).items())),
    )
