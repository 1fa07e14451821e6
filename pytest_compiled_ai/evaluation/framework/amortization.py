"""Tokens: what a compile spends once against what a model that is called at run time spends on every call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain


def total_tokens(generation: int, per_call: float, calls: int) -> float:
    """Return TotalTokens(n) = generation + n * run-time, in tokens in and out (arXiv:2604.05150, token amortization).

    Args:
        generation: tokens of the compile, all attempts together, as the provider's usage fields say.
        per_call: tokens of one call at run time; 0 for compiled code.
        calls: n.
    """
    return generation + calls * per_call


def break_even(generation: int, alternative: float, own: float = 0.0) -> int | None:
    """Return n* = generation / (alternative - own), in calls (arXiv:2604.05150, token amortization); None where never.

    It is rounded up: the first whole number of calls after which the compile has spent no more tokens.

    Args:
        generation: tokens of the compile, all attempts together.
        alternative: tokens of a call of the model at run time.
        own: tokens of a call of the compiled code.
    """
    return math.ceil(generation / (alternative - own)) if alternative > own else None


def saved_times(generation: int, alternative: float, calls: int, own: float = 0.0) -> float | None:
    """Return how many times the tokens of n calls the alternative spends; None where the compile spends none at all.

    It is n * alternative / TotalTokens(n), without a unit (arXiv:2604.05150, token amortization; "57x at 1,000").
    """
    spent = total_tokens(generation, own, calls)
    return calls * alternative / spent if spent else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Tokens spent after n calls, for n = 0, 1, 2, ...: by the compiled code, and by the model called at run time.

    `measured` calls were really made; those behind them are drawn with the mean of these.
    """

    generation: int
    alternative: tuple[float, ...]
    measured: int

    @property
    def calls(self) -> int:
        """The last n."""
        return len(self.alternative) - 1

    @property
    def crossing(self) -> int | None:
        """The first n at which the alternative has spent as much as the compile, None where it lies behind the end."""
        return next((n for n, spent in enumerate(self.alternative) if n and spent >= self.generation), None)


def draw_curve(generation: int, spent: Sequence[float], calls: int) -> Curve:
    """Return the curve up to at least `calls` calls.

    Args:
        generation: tokens of the compile.
        spent: tokens of each call that was made at run time, in their order; at least one.
        calls: the last n that is wanted; all measured calls are shown in any case.
    """
    mean = sum(spent) / len(spent)
    rest = [mean] * max(0, calls - len(spent))
    return Curve(
        generation=generation, alternative=tuple(accumulate(chain(spent, rest), initial=0.0)), measured=len(spent)
    )
