from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.templates.modules.layout import group_boxes, rows_of, value_below, value_of, value_right_of

PAGE = [
    (60, 10, 300, 34, "KEDAI TEH BUNGA"),
    (20, 50, 120, 70, "DATE : 12/02/2018"),
    (200, 48, 260, 68, "INVOICE NO"),
    (210, 80, 250, 98, "A-77"),
    (20, 110, 120, 130, "TEH TARIK"),
    (200, 108, 220, 128, "2"),
    (300, 113, 360, 133, "5.00"),
    (20, 140, 110, 160, "TOTAL"),
    (150, 141, 160, 160, ":"),
    (300, 146, 360, 166, "5.00"),
    (20, 172, 80, 190, "CASH"),
]
ROWS = [
    "KEDAI TEH BUNGA",
    "DATE : 12/02/2018 INVOICE NO",
    "A-77",
    "TEH TARIK 2 5.00",
    "TOTAL : 5.00",
    "CASH",
]


@given(st.permutations(PAGE))
def test_rows_are_read_as_a_reader_would(boxes):
    before = list(boxes)
    assert rows_of(boxes) == ROWS
    assert boxes == before


def test_a_tilted_row_is_one_row_and_tight_lines_are_two():
    tilted = [(0, 10, 50, 30, "A"), (60, 14, 110, 34, "B"), (120, 18, 170, 38, "C")]
    assert rows_of(tilted) == ["A B C"]
    assert rows_of([(0, 10, 50, 30, "A"), (0, 24, 50, 44, "B")]) == ["A", "B"]
    assert rows_of([(0, 10, 50, 30, "A"), (10, 20, 60, 40, "B")]) == ["A", "B"]


def test_a_value_right_of_a_label():
    assert value_right_of(PAGE, "total") == "5.00"
    assert value_right_of(PAGE, "CASH") == ""
    assert value_right_of(PAGE, "TEH") == "2"
    assert value_right_of(PAGE, "OTA") == ""


def test_a_value_below_a_label():
    assert value_below(PAGE, "Invoice No") == "A-77"
    assert value_below(PAGE, "CASH") == ""
    assert value_below([(0, 0, 9, 9, "A"), (20, 10, 29, 19, "B")], "A") == ""


@pytest.mark.parametrize(
    ("labels", "value"),
    [
        (["DATE"], "12/02/2018"),
        (["TOTAL"], "5.00"),
        (["INVOICE NO"], "A-77"),
        (["AMOUNT DUE", "TOTAL"], "5.00"),
        (["CASH"], ""),
        ([], ""),
    ],
)
def test_the_value_of_a_label(labels, value):
    assert value_of(PAGE, *labels) == value


sides = st.integers(-50, 50)
boxes = st.tuples(
    sides, sides, sides, sides, st.sampled_from(["TOTAL", "TOTAL: 5", ":", "", "a\nb"]) | st.text(max_size=5)
)


@given(st.lists(boxes, max_size=8), st.text(max_size=3))
def test_any_page_may_come(page, label):
    assert sorted(box for row in group_boxes(page) for box in row) == sorted(page)
    texts = "\n".join(box[4] for box in page)
    assert all(value_of(page, each) in texts for each in ("TOTAL", label))
