"""The amortization curve as SVG: it needs nothing from elsewhere, and tells its two lines apart without colour."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pytest_compiled_ai.evaluation.framework.amortization import Curve
from pytest_compiled_ai.reports.markup import Html, tag

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 20, 50, 60
_COMPILED, _ALTERNATIVE, _INK = "#1f5fbf", "#c4570c", "#333333"
_TICKS = 5


def draw_picture(curve: Curve, title: str) -> str:
    """Return the picture: tokens spent after n calls, by the compiled code and by the model at each call."""
    top = max(curve.generation, curve.alternative[-1]) or 1
    parts = [
        tag("title", title),
        tag("rect", width=str(_WIDTH), height=str(_HEIGHT), fill="#ffffff"),
        _text(_WIDTH / 2, 24, title, anchor="middle", size=16),
        *_axes(curve.calls, top),
        _line([(0, curve.generation), (curve.calls, curve.generation)], curve.calls, top, _COMPILED, ""),
        _line(list(enumerate(curve.alternative)), curve.calls, top, _ALTERNATIVE, "7 4"),
        *_legend(curve),
        *_crossing(curve, top),
    ]
    svg = tag("svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img")
    return f"{svg}\n"


def _axes(calls: int, top: float) -> Iterator[Html]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    yield _rule(_LEFT, bottom, right, bottom)
    yield _rule(_LEFT, _TOP, _LEFT, bottom)
    for call in _ticks(calls):
        x, _ = _place(call, 0, calls, top)
        yield _rule(x, bottom, x, bottom + 5)
        yield _text(x, bottom + 20, f"{call:,.0f}", anchor="middle")
    for tokens in _ticks(top):
        _, y = _place(0, tokens, calls, top)
        yield _rule(_LEFT - 5, y, _LEFT, y)
        yield _text(_LEFT - 9, y + 4, f"{tokens:,.0f}", anchor="end")
    yield _text((_LEFT + right) / 2, _HEIGHT - 14, "calls", anchor="middle")
    yield _text(_LEFT, _TOP - 10, "tokens", anchor="middle")


def _legend(curve: Curve) -> Iterator[Html]:
    said = "the model at each call"
    said += f" (the first {curve.measured} measured)" if curve.measured > 1 else ""
    for place, (text, colour, dash) in enumerate([("compiled once", _COMPILED, ""), (said, _ALTERNATIVE, "7 4")]):
        y = _TOP + 12 + 20 * place
        yield _rule(_LEFT + 20, y, _LEFT + 60, y, colour, dash, 2.5)
        yield _text(_LEFT + 68, y + 4, text)


def _crossing(curve: Curve, top: float) -> Iterator[Html]:
    if (call := curve.crossing) is None:
        return
    x, y = _place(call, curve.alternative[call], curve.calls, top)
    yield tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="5", fill="none", stroke=_INK, stroke_width="2")
    yield _text(x + 10, y + 18, f"n* = {call:,}")


def _line(points: list[tuple[int, float]], calls: int, top: float, colour: str, dash: str) -> Html:
    # More points than pixels make no finer line.
    step = max(1, len(points) // _WIDTH)
    kept = [*points[:-1:step], points[-1]]
    drawn = " ".join("{:.1f},{:.1f}".format(*_place(call, spent, calls, top)) for call, spent in kept)
    return tag("polyline", points=drawn, fill="none", stroke=colour, stroke_width="2.5", stroke_dasharray=dash)


def _place(call: float, tokens: float, calls: int, top: float) -> tuple[float, float]:
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    return _LEFT + wide * call / calls, _TOP + high * (1 - tokens / top)


def _ticks(end: float) -> list[float]:
    raw = end / _TICKS
    scale = 10.0 ** math.floor(math.log10(raw))
    step = max(1.0, next(factor * scale for factor in (1, 2, 5, 10) if factor * scale >= raw))
    return [step * number for number in range(int(end / step) + 1)]


def _rule(x: float, y: float, to_x: float, to_y: float, colour: str = _INK, dash: str = "", width: float = 1) -> Html:
    place = {"x1": f"{x:.1f}", "y1": f"{y:.1f}", "x2": f"{to_x:.1f}", "y2": f"{to_y:.1f}"}
    return tag("line", **place, stroke=colour, stroke_width=f"{width:g}", stroke_dasharray=dash)


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12) -> Html:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}"}
    return tag("text", text, **place, text_anchor=anchor, font_size=str(size), font_family="sans-serif", fill=_INK)
