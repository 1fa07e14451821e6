"""The amortization curve as SVG."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from pytest_compiled_ai.evaluation.framework.amortization import draw_curve
from pytest_compiled_ai.reports.figures.picture import draw_picture

SVG = "{http://www.w3.org/2000/svg}"


def parse(curve, title="Tokens"):
    return ElementTree.fromstring(draw_picture(curve, title))


def texts(root):
    return [each.text for each in root.iter(f"{SVG}text")]


def test_two_lines_and_where_they_cross():
    root = parse(draw_curve(1000, [80.0, 120.0], 20))
    flat, rising = ([pair.split(",") for pair in line.get("points").split()] for line in root.iter(f"{SVG}polyline"))
    assert flat[0][1] == flat[-1][1]
    heights = [float(y) for _, y in rising]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == 340.0
    assert heights[-1] == 50.0
    (circle,) = root.iter(f"{SVG}circle")
    assert (circle.get("cx"), circle.get("cy")) == (rising[10][0], flat[0][1])
    assert "n* = 10" in texts(root)
    assert "the model at each call (the first 2 measured)" in texts(root)
    assert [line.get("stroke-dasharray") for line in root.iter(f"{SVG}polyline")] == [None, "7 4"]


def test_a_title_is_text_and_nothing_comes_from_elsewhere():
    said = draw_picture(draw_curve(1000, [100.0], 20), "<script>&")
    assert "<script>" not in said
    root = ElementTree.fromstring(said)
    assert root.find(f"{SVG}title").text == "<script>&"
    assert "the model at each call" in texts(root)
    assert said.count("http") == 1


def test_no_crossing_no_mark():
    root = parse(draw_curve(10**6, [1.0], 20))
    assert list(root.iter(f"{SVG}circle")) == []


@pytest.mark.parametrize(("calls", "ticks"), [(20, ["0", "5", "10", "15", "20"]), (3, ["0", "1", "2", "3"])])
def test_ticks_are_round_numbers(calls, ticks):
    found = texts(parse(draw_curve(7, [1.0], calls)))
    assert found[1 : 1 + len(ticks)] == ticks


def test_a_long_curve_has_no_more_points_than_pixels():
    (_, rising) = parse(draw_curve(50_000, [1.0], 100_000)).iter(f"{SVG}polyline")
    points = rising.get("points").split()
    assert len(points) < 730
    assert points[-1] == "700.0,50.0"


def test_a_compile_for_nothing_is_drawn():
    assert "n* = 1" in texts(parse(draw_curve(0, [0.0], 5)))
