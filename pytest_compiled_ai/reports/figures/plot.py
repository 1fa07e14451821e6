"""The amortization curve in plain characters, for a terminal of 80 columns."""

from __future__ import annotations

from pytest_compiled_ai.evaluation.framework.amortization import Curve

_WIDTH, _HEIGHT = 60, 12
_COMPILED, _ALTERNATIVE, _BOTH = "=", "*", "#"


def draw_plot(curve: Curve) -> str:
    """Return it as lines: calls to the right, tokens upwards."""
    top = max(curve.generation, curve.alternative[-1]) or 1
    grid = [[" "] * _WIDTH for _ in range(_HEIGHT)]
    for column in range(_WIDTH):
        call = round(column * curve.calls / (_WIDTH - 1))
        grid[_row(curve.generation, top)][column] = _COMPILED
        place = _row(curve.alternative[call], top)
        grid[place][column] = _BOTH if grid[place][column] == _COMPILED else _ALTERNATIVE
    labels = {0: f"{top:,.0f}", _HEIGHT - 1: "0"}
    width = max(map(len, labels.values()))
    lines = [f"{labels.get(number, ''):>{width}} |{''.join(row).rstrip()}" for number, row in enumerate(grid)]
    end = f"{curve.calls:,} calls"
    return "\n".join([
        "tokens",
        *lines,
        f"{'':>{width}} +{'-' * _WIDTH}",
        f"{'':>{width}}  0{end:>{_WIDTH - 1}}",
        f"{'':>{width}}  {_COMPILED} compiled once   {_ALTERNATIVE} the model at each call   {_BOTH} both",
    ])  # fmt: skip


def _row(tokens: float, top: float) -> int:
    return _HEIGHT - 1 - round(tokens / top * (_HEIGHT - 1))
