"""Latency: percentiles of calls, and what the first one costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile: the smallest value that at least this share (0 to 1) of them do not exceed.

    The unit is that of the values (arXiv:2604.05150, latency: P50 and P99).
    """
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Latency of compiled code, all in milliseconds (arXiv:2604.05150, latency).

    `p50`, `p99` and `jitter` = P99 - P50 are of single calls, the way to the process and back included. `process` is
    the median of a fresh process: fork, seal, load the artifact and answer the first call. `cold_start` is a fresh
    interpreter with the standard library that artifacts may use, up to its first answer.
    """

    calls: int
    p50: float
    p99: float
    jitter: float
    process: float
    cold_start: float


def summarize_latency(calls: Sequence[float], processes: Sequence[float], cold_starts: Sequence[float]) -> Latency:
    """Return the figures of measured seconds; of several cold starts the slowest counts."""
    p50, p99 = (1000 * percentile(calls, share) for share in (0.5, 0.99))
    return Latency(
        calls=len(calls),
        p50=p50,
        p99=p99,
        jitter=p99 - p50,
        process=1000 * percentile(processes, 0.5),
        cold_start=1000 * max(cold_starts),
    )
