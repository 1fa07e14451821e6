"""Determinism: how much the outputs of identical inputs differ."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


def entropy(outputs: Sequence[Hashable]) -> float:
    """Return H = -sum p log2 p over the shares p of the different outputs, in bits (arXiv:2604.05150, determinism).

    0 is the goal: every output is the same. The paper takes N = 1,000 identical inputs.
    """
    shares = [count / len(outputs) for count in Counter(outputs).values()]
    return abs(sum(share * math.log2(share) for share in shares))


def reproducibility(outputs: Sequence[Hashable]) -> float:
    """Return the share of the outputs that equal the most frequent one, 0 to 1 (arXiv:2604.05150, determinism)."""
    return max(Counter(outputs).values()) / len(outputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Determinism:
    """What `runs` fresh processes answered to each of `inputs` inputs: the worst of the inputs counts.

    `entropy` is in bits, `reproducibility` a share; `hash_seeds` is how many seeds the processes' strings hash with.
    `unanswered` counts answers that are none: a process that died, or a result that is no data.
    """

    runs: int
    inputs: int
    hash_seeds: int
    entropy: float
    reproducibility: float
    unanswered: int = 0


def judge_outputs(columns: Sequence[Sequence[Hashable]], *, hash_seeds: int, unanswered: int = 0) -> Determinism:
    """Return how far the outputs differ; a column holds those of one input, one from each process."""
    return Determinism(
        runs=len(columns[0]),
        inputs=len(columns),
        hash_seeds=hash_seeds,
        entropy=max(map(entropy, columns)),
        reproducibility=min(map(reproducibility, columns)),
        unanswered=unanswered,
    )
