from __future__ import annotations

import io

import pytest
from rich.console import Console

from pytest_compiled_ai.reports.side_by_side import draw_diff

OLD = 'def double(n: int) -> int:\n    """Return twice n."""\n    twice = n + n\n    return twice\n'
NEW = 'def double(n: int) -> int:\n    """Return twice n."""\n    return n * 2\n'


def draw(old, new, width, *, color=False):
    file = io.StringIO()
    system = "standard" if color else None
    console = Console(file=file, width=width, force_terminal=color, color_system=system, highlight=False, markup=False)
    console.print(draw_diff("src/generated/number.py", old, new, width))
    return file.getvalue()


def test_two_bodies_stand_side_by_side_with_marks_and_line_numbers():
    lines = [line.split() for line in draw(OLD, NEW, 100).splitlines()]
    assert lines[0] == ["1", "def", "double(n:", "int)", "->", "int:"] * 2
    assert lines[2] == ["3", "-", "twice", "=", "n", "+", "n", "3", "+", "return", "n", "*", "2"]
    assert lines[3] == ["4", "-", "return", "twice"]
    assert len(lines) == 4


@pytest.mark.parametrize(("old", "new", "width"), [(OLD, NEW, 99), (OLD, NEW, 80), ("", NEW, 200), (OLD, "", 200)])
def test_on_a_narrow_terminal_and_with_nothing_beside_it_is_one_column(old, new, width):
    text = draw(old, new, width)
    assert text.startswith("--- ")
    assert all(line[0] in "-+@ " for line in text.splitlines())
    assert ("+    return n * 2" in text) == bool(new)
    assert ("-    return twice" in text) == bool(old)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_nothing_is_wider_than_the_terminal_and_nothing_is_cut(width):
    long = "    return " + " + ".join(f"name_{number}" for number in range(60)) + "\n"
    text = draw(OLD, OLD + long, width)
    assert max(map(len, text.splitlines())) <= width
    assert all(f"name_{number}" in "".join(text.split()) for number in range(60))


def test_lines_far_from_a_change_are_left_out():
    many = "".join(f"    x{number} = {number}\n" for number in range(40))
    lines = draw(many, many.replace("x20 = 20", "x20 = 21"), 120).splitlines()
    assert [line.split() for line in (lines[0], lines[-1])] == [["...", "..."]] * 2
    assert len(lines) == 9


def test_colours_and_no_colours_say_the_same():
    assert "\x1b[" not in draw(OLD, NEW, 120)
    coloured = draw(OLD, NEW, 120, color=True)
    assert "\x1b[31m" in coloured
    assert "\x1b[32m" in coloured


@pytest.mark.parametrize("width", [80, 120])
def test_what_cannot_be_seen_is_shown_and_markup_is_text(width):
    text = draw(OLD, OLD.replace("twice\n", "twice  # \u202e[red]x[/]\x1b[2J\n"), width)
    assert "<U+202E>[red]x[/]<U+001B>[2J" in text
    assert "\x1b" not in text
