"""The total of a scanned receipt, from the text boxes that OCR found on it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai import spec

TOTAL_WORDS = ("TOTAL", "PAYABLE", "DUE")
OTHER_WORDS = ("SUB", "QTY", "QUANTITY", "EXCL", "TAX", "TOTAL GST", "INCLUDED", "PAID", "CHANGE")


@spec
def amounts_in(text: str) -> list[Decimal]:
    r"""Return all money amounts in a text, from left to right.

    An amount is what the regular expression `-?\d[\d,]*\.\d{2}(?!\d)` finds: perhaps a minus sign, digits, a point and
    exactly two more digits. Commas among its digits separate thousands: they are removed to get its value.

    >>> amounts_in("2 X 4.50 = RM9.00")
    [Decimal('4.50'), Decimal('9.00')]
    >>> amounts_in("TOTAL 1,234.50 QTY 3")
    [Decimal('1234.50')]
    """


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("TOTAL RM12.30", ["12.30"]),
        ("$7.05 SR", ["7.05"]),
        ("ROUNDING ADJ -0.02", ["-0.02"]),
        ("TOTAL 12,345,678.90", ["12345678.90"]),
        ("TOTAL : 8.00 3 ITEMS", ["8.00"]),
        ("0.5 KG @ 3.20 1.60", ["3.20", "1.60"]),
        ("3 X 4.5000 13.50", ["13.50"]),
        ("1 234", []),
        ("TOTAL", []),
        ("", []),
    ],
)
def test_amounts(text: str, amounts: list[str]) -> None:
    assert amounts_in(text) == [Decimal(amount) for amount in amounts]


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=2))
def test_every_amount_is_found(amount: Decimal) -> None:
    assert amounts_in(f"1 MUG 19.90 TOTAL RM {amount:,} SR") == [Decimal("19.90"), amount]


@spec
def is_on_row(box: tuple[int, int, int, int, str], first: tuple[int, int, int, int, str]) -> bool:
    """Tell whether a text box stands on the same row of a page as another, the row's first box.

    A box is (left, top, right, bottom, text) in pixels. The box is on the row if the middle of its height,
    (top + bottom) / 2, lies between the top and the bottom of the row's first box, both included.

    >>> is_on_row((200, 12, 260, 30, "9.00"), first=(10, 10, 90, 28, "TOTAL"))
    True
    >>> is_on_row((10, 40, 90, 58, "CASH"), first=(10, 10, 90, 28, "TOTAL"))
    False
    """


@pytest.mark.parametrize(
    ("top", "bottom", "is_on"),
    [(100, 120, True), (90, 110, True), (89, 110, False), (110, 130, True), (110, 131, False)],
)
def test_the_middle_of_the_box_decides(top: int, bottom: int, is_on: bool) -> None:
    assert is_on_row((300, top, 360, bottom, "9.00"), (20, 100, 90, 120, "TOTAL")) is is_on


@spec
def row_text(boxes: list[tuple[int, int, int, int, str]]) -> str:
    """Return the texts of the boxes of one row, ordered by their left edges, joined by one space.

    A box is (left, top, right, bottom, text) in pixels.

    >>> row_text([(200, 12, 260, 30, "9.00"), (10, 14, 90, 28, "TOTAL")])
    'TOTAL 9.00'
    """


def test_three_boxes() -> None:
    assert row_text([(90, 9, 99, 30, "A"), (200, 8, 300, 20, "C"), (150, 7, 160, 40, "B")]) == "A B C"


def test_text_does_not_decide_the_order() -> None:
    assert row_text([(9, 0, 50, 20, "B"), (100, 0, 150, 20, "A")]) == "B A"


def test_no_boxes_no_text() -> None:
    assert row_text([]) == ""


@spec(uses=[is_on_row, row_text])
def group_rows(boxes: list[tuple[int, int, int, int, str]]) -> list[str]:
    """Join text boxes into the rows of text that a reader sees, from top to bottom.

    A box is (left, top, right, bottom, text) in pixels.

    1. Take the boxes from top to bottom, that is, ordered by top + bottom.
    2. The first box begins the first row. Each further box joins the latest row if it `is_on_row` with that row's
       first box; otherwise it begins a new row.
    3. Return the `row_text` of each row.

    >>> group_rows([(200, 12, 260, 30, "9.00"), (10, 10, 90, 28, "TOTAL"), (10, 40, 90, 58, "CASH")])
    ['TOTAL 9.00', 'CASH']
    """


def tea_shop() -> list[tuple[int, int, int, int, str]]:
    return [
        (60, 10, 300, 34, "KEDAI TEH BUNGA"),
        (20, 50, 120, 70, "TEH TARIK"),
        (200, 48, 220, 68, "2"),
        (300, 53, 360, 73, "5.00"),
        (20, 80, 110, 100, "TOTAL RM"),
        (300, 86, 360, 106, "5.00"),
        (20, 112, 80, 130, "CASH"),
    ]


def test_no_boxes_no_rows() -> None:
    assert group_rows([]) == []


@given(st.permutations(tea_shop()))
def test_rows_do_not_depend_on_the_order_of_boxes(boxes: list[tuple[int, int, int, int, str]]) -> None:
    assert group_rows(boxes) == ["KEDAI TEH BUNGA", "TEH TARIK 2 5.00", "TOTAL RM 5.00", "CASH"]


def test_the_first_box_of_a_row_decides() -> None:
    boxes = [(10, 10, 50, 30, "A"), (60, 20, 90, 40, "B"), (100, 30, 140, 50, "C")]
    assert group_rows(boxes) == ["A B", "C"]


@spec
def is_total_row(row: str) -> bool:
    """Tell whether a row of a receipt names the total, by the words in it, in any case.

    It does if the row contains one of TOTAL_WORDS and none of OTHER_WORDS. A word may be a part of a longer one:
    SUBTOTAL contains SUB and TOTAL.

    >>> is_total_row("Grand Total: RM 9.00")
    True
    >>> is_total_row("SUB-TOTAL 9.00")
    False
    """


@pytest.mark.parametrize(
    "row",
    [
        "TOTAL",
        "total (rm) 12.00",
        "NETT TOTAL: 12.00",
        "TOTAL INCL. GST @6% 12.00",
        "TOTAL OF SALES (GST INCLUSIVE) RM 12.00",
        "TOTAL ROUNDED 12.00",
        "Amount Payable 12.00",
        "BALANCE DUE : 12.00",
    ],
)
def test_rows_of_a_total(row: str) -> None:
    assert is_total_row(row) is True


@pytest.mark.parametrize(
    "row",
    [
        "",
        "KOPI O 2.20",
        "Subtotal 12.00",
        "TOTAL QTY: 3",
        "Total Quantity 3",
        "TOTAL EXCLUDING GST 11.32",
        "TOTAL TAX 0.68",
        "TOTAL GST 0.68",
        "GST @6% INCLUDED IN TOTAL 0.68",
        "TOTAL PAID 20.00",
        "CHANGE DUE 8.00",
    ],
)
def test_other_rows(row: str) -> None:
    assert is_total_row(row) is False


@spec(uses=[amounts_in])
def amount_at(rows: list[str], index: int) -> Decimal | None:
    """Return the amount that stands beside a label, in the row at an index, or in the row below it.

    1. If there are `amounts_in` the row at the index, return the last of them.
    2. Otherwise, if there is a row at index + 1 and there are `amounts_in` it, return the last of those.
    3. Otherwise return None.

    >>> amount_at(["TOTAL 2 9.00", "CASH 10.00"], 0)
    Decimal('9.00')
    >>> amount_at(["TOTAL", "RM 9.00"], 0)
    Decimal('9.00')
    """


@pytest.mark.parametrize(
    ("rows", "index", "amount"),
    [
        (["1.00", "2.00", "3.00"], 1, "2.00"),
        (["1.00 2.00", "3.00"], 0, "2.00"),
        (["1.00", "TOTAL", "2.00 3.00"], 1, "3.00"),
        (["1.00", "TOTAL"], 1, None),
        (["1.00", "TOTAL", "THANK YOU", "3.00"], 1, None),
    ],
)
def test_amount_of_a_row_or_below(rows: list[str], index: int, amount: str | None) -> None:
    assert amount_at(rows, index) == (None if amount is None else Decimal(amount))


@spec
def cut_summary(rows: list[str]) -> list[str]:
    """Return the rows before the first one that contains the word summary, in capitals or not; else all rows.

    Receipts end with a table that is called tax summary or the like, and has totals of its own.

    >>> cut_summary(["TOTAL 9.00", "CASH 9.00", "GST SUMMARY", "TOTAL 8.49"])
    ['TOTAL 9.00', 'CASH 9.00']
    >>> cut_summary(["TOTAL 9.00", "Tax Summary"])
    ['TOTAL 9.00']
    """


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        ([], []),
        (["A", "B"], ["A", "B"]),
        (["Tax Summary (RM)", "A"], []),
        (["A", "SUMMARY", "B", "SUMMARY", "C"], ["A"]),
    ],
)
def test_rows_before_the_summary(rows: list[str], before: list[str]) -> None:
    assert cut_summary(rows) == before


@spec(uses=[is_total_row, amount_at])
def find_totals(rows: list[str]) -> list[Decimal]:
    """Return the `amount_at` each row that `is_total_row`, from top to bottom. Where it is None, the row is skipped.

    >>> find_totals(["SUBTOTAL 9.02", "TOTAL 9.02", "ROUNDING -0.02", "NET TOTAL 9.00", "CASH 10.00"])
    [Decimal('9.02'), Decimal('9.00')]
    >>> find_totals(["CASH BILL", "TOTAL RM", "9.00", "TOTAL PIECES: 1"])
    [Decimal('9.00')]
    """


@pytest.mark.parametrize(
    ("rows", "totals"),
    [
        (["1 X ROTI CANAI 1.80", "TOTAL INCL. GST 1.80", "Change 3.20"], ["1.80"]),
        (["TOTAL 4.50", "TOTAL ITEMS: 1", "THANK YOU"], ["4.50"]),
        (["TOTAL 4.50", "TOTAL 4.50"], ["4.50", "4.50"]),
        (["RETURNED BREAD -3.20", "TOTAL PAYABLE: -3.20"], ["-3.20"]),
        (["NASI LEMAK 4.50", "TOTAL"], []),
        ([], []),
    ],
)
def test_totals(rows: list[str], totals: list[str]) -> None:
    assert find_totals(rows) == [Decimal(total) for total in totals]


@spec(uses=[group_rows, cut_summary, find_totals])
def receipt_total(boxes: list[tuple[int, int, int, int, str]]) -> Decimal | None:
    """Return the total of a scanned receipt, or None if it names none.

    A box is (left, top, right, bottom, text) in pixels.

    1. `group_rows` of the boxes gives the rows.
    2. `cut_summary` of these leaves the rows that matter.
    3. `find_totals` of these gives the totals. The last of them is the result: the total after rounding comes last.

    >>> receipt_total([(10, 10, 90, 28, "TOTAL"), (200, 12, 260, 30, "9.00"), (10, 40, 90, 58, "CASH")])
    Decimal('9.00')
    """


def hardware_shop() -> list[tuple[int, int, int, int, str]]:
    return [
        (80, 12, 320, 38, "MAJU JAYA HARDWARE"),
        (22, 60, 180, 80, "DOC NO: CS000417"),
        (20, 100, 160, 120, 'PAINT BRUSH 2"'),
        (180, 101, 200, 121, "2"),
        (240, 99, 290, 119, "3.76"),
        (330, 102, 380, 122, "7.52"),
        (20, 140, 110, 160, "TOTAL QTY:"),
        (180, 141, 200, 161, "2"),
        (20, 168, 260, 188, "TOTAL OF SALES (EXCL. GST) :"),
        (330, 170, 380, 190, "7.09"),
        (20, 196, 120, 216, "TOTAL GST :"),
        (330, 194, 380, 214, "0.43"),
        (20, 224, 120, 244, "ROUNDING :"),
        (330, 226, 380, 246, "-0.02"),
        (20, 252, 290, 272, "TOTAL OF SALES (INCL. GST) :"),
        (330, 249, 380, 269, "7.50"),
        (20, 280, 80, 300, "CASH :"),
        (325, 281, 380, 301, "10.00"),
        (20, 308, 100, 328, "CHANGE :"),
        (330, 309, 380, 329, "2.50"),
        (20, 340, 130, 360, "GST SUMMARY"),
        (20, 368, 90, 388, "TOTAL :"),
        (240, 369, 290, 389, "7.09"),
        (330, 368, 380, 388, "0.43"),
    ]


def noodle_bar() -> list[tuple[int, int, int, int, str]]:
    return [
        (70, 8, 280, 30, "MEE & MORE NOODLE BAR"),
        (15, 50, 150, 68, "1 LAKSA BIASA"),
        (290, 50, 350, 68, "RM8.90"),
        (15, 76, 110, 94, "SUB TOTAL"),
        (290, 77, 350, 95, "RM8.90"),
        (15, 102, 160, 120, "SERVICE CHARGE 10%"),
        (290, 104, 350, 122, "RM0.89"),
        (15, 130, 130, 148, "GRAND TOTAL"),
        (280, 156, 350, 174, "RM9.79"),
        (15, 182, 60, 200, "VISA"),
        (280, 184, 350, 202, "RM9.79"),
    ]


@pytest.mark.parametrize(("boxes", "total"), [(tea_shop(), "5.00"), (hardware_shop(), "7.50"), (noodle_bar(), "9.79")])
def test_receipts(boxes: list[tuple[int, int, int, int, str]], total: str) -> None:
    assert receipt_total(boxes) == Decimal(total)


def test_the_total_after_rounding_counts() -> None:
    boxes = [
        (20, 10, 90, 28, "TOTAL"),
        (300, 10, 360, 28, "12.03"),
        (20, 40, 120, 58, "ROUNDING"),
        (300, 40, 360, 58, "0.02"),
        (20, 70, 120, 88, "NET TOTAL"),
        (300, 70, 360, 88, "12.05"),
    ]
    assert receipt_total(boxes) == Decimal("12.05")


@given(st.permutations(hardware_shop()))
def test_the_order_of_the_boxes_does_not_matter(boxes: list[tuple[int, int, int, int, str]]) -> None:
    assert receipt_total(boxes) == Decimal("7.50")


def test_a_receipt_without_a_total() -> None:
    assert receipt_total([(10, 10, 90, 28, "THANK YOU"), (10, 40, 90, 58, "5.00")]) is None


def test_an_empty_scan() -> None:
    assert receipt_total([]) is None
