"""How far a share that was counted may be from the true one."""

from __future__ import annotations

import math
from typing import Final

_Z: Final = 1.959964
"""Standard normal quantile of 95%."""


def wilson(right: float, total: int) -> tuple[float, float]:
    """Return the 95% interval of a share by Wilson (1927): Journal of the American Statistical Association 22:209.

    Args:
        right: how many of them are right; of scores between 0 and 1 their sum, for which the interval is too wide
            rather than too narrow.
        total: how many there are.
    """
    if not total:
        return 0.0, 1.0
    share, square = right / total, _Z * _Z
    middle = share + square / (2 * total)
    reach = _Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    return (middle - reach) / (1 + square / total), (middle + reach) / (1 + square / total)
