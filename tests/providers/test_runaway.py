from __future__ import annotations

import pytest

from pytest_compiled_ai.providers.runaway import is_runaway

HONEST = """def grade(points: int) -> str:
    # Rules:
    # - A from 90
    # - B from 80
    if points >= 90:
        return "A"
    elif points >= 80:
        return "B"
    elif points >= 70:
        return "C"
    elif points >= 60:
        return "D"

    table = {
        "a": 1,
        "b": 2,
        "c": 3,
        "d": 4,
    }
    return "E"
"""


@pytest.mark.parametrize(
    "circle",
    [
        "".join(f"    # - the list has {number} elements\n" for number in range(12)),
        "    # - odd at even\n    # - even at odd\n" * 6,
        "def f(x):\n" + "    x = x.strip()\n" * 11,
        "    if a:\n        b()\n    else:\n" * 4,
    ],
)
def test_a_circle_is_seen_at_the_end_of_its_twelfth_line(circle):
    assert is_runaway(circle)
    assert not is_runaway(circle[:-1])


@pytest.mark.parametrize("length", range(0, len(HONEST), 7))
def test_a_function_is_no_circle(length):
    assert not is_runaway(HONEST[:length])
