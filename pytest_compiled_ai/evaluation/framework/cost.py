"""Money: what a transaction costs at given prices."""

from __future__ import annotations

from dataclasses import dataclass

_MILLION = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a million tokens in and out cost; the unit is the reader's."""

    into: float
    out: float


def price_tokens(prompt_tokens: float, completion_tokens: float, prices: Prices) -> float:
    """Return what tokens cost, in the unit of the prices."""
    return (prompt_tokens * prices.into + completion_tokens * prices.out) / _MILLION


def cost_per_transaction(generation: float, calls: int, run_time: float = 0.0, infrastructure: float = 0.0) -> float:
    """Return CostPerTransaction(n) = generation / n + run-time + infrastructure (arXiv:2604.05150, cost).

    All costs are in the unit of the prices.

    Args:
        generation: what the compile cost, once.
        calls: n, at least 1.
        run_time: what the model is paid for one transaction; 0 for compiled code.
        infrastructure: what the machine costs for one transaction.
    """
    return generation / calls + run_time + infrastructure
