# mypy: disable-error-code="empty-body, import-not-found"
"""A receipt, read from the text boxes that OCR found on it."""

import pytest
from receipt_types import Receipt

from pytest_compiled_ai import spec


@spec(
    template="extractor",
    uses=["receipt_company.find_company", "receipt_date.find_date", "receipt_total.find_total"],
    golden="data/receipt.jsonl",
    metric="fields",
    threshold=0.8,
)
def read_receipt(boxes: list[tuple[int, int, int, int, str]]) -> Receipt:
    """Return the company, the date and the total of a receipt, each empty where it is not found.

    A box is (left, top, right, bottom, text) in pixels.

    1. `rows_of` the boxes gives the rows of text.
    2. `find_company`, `find_date` and `find_total` of these rows give the fields.

    >>> read_receipt([(10, 10, 90, 28, "LAKSA HOUSE"), (10, 40, 60, 58, "TOTAL"), (200, 41, 260, 59, "9.00")])
    {'company': 'LAKSA HOUSE', 'date': '', 'total': '9.00'}
    """


def hardware_shop() -> list[tuple[int, int, int, int, str]]:
    return [
        (80, 12, 320, 38, "MAJU JAYA HARDWARE SDN BHD (654321-K)"),
        (60, 44, 330, 64, "NO 7, JALAN MAWAR, KLANG"),
        (22, 72, 180, 92, "DOC NO: CS000417"),
        (240, 72, 380, 92, "DATE: 07/11/2018"),
        (20, 100, 160, 120, 'PAINT BRUSH 2"'),
        (180, 101, 200, 121, "2"),
        (330, 102, 380, 122, "7.52"),
        (20, 140, 110, 160, "TOTAL QTY:"),
        (180, 141, 200, 161, "2"),
        (20, 252, 290, 272, "TOTAL OF SALES (INCL. GST) :"),
        (330, 249, 380, 269, "7.50"),
        (20, 280, 80, 300, "CASH :"),
        (325, 281, 380, 301, "10.00"),
        (20, 340, 130, 360, "GST SUMMARY"),
        (20, 368, 90, 388, "TOTAL :"),
        (240, 369, 290, 389, "7.09"),
    ]


def noodle_bar() -> list[tuple[int, int, int, int, str]]:
    return [
        (290, 50, 350, 68, "RM8.90"),
        (70, 8, 280, 30, "MEE & MORE NOODLE BAR"),
        (15, 50, 150, 68, "1 LAKSA BIASA"),
        (15, 76, 110, 94, "SUB TOTAL"),
        (290, 77, 350, 95, "RM8.90"),
        (15, 130, 130, 148, "GRAND TOTAL"),
        (280, 156, 350, 174, "RM9.79"),
        (15, 182, 60, 200, "VISA"),
        (280, 184, 350, 202, "RM9.79"),
        (15, 210, 150, 228, "7 NOV 18 20:16:19"),
    ]


@pytest.mark.parametrize(
    ("boxes", "receipt"),
    [
        (hardware_shop(), {"company": "MAJU JAYA HARDWARE SDN BHD", "date": "07/11/2018", "total": "7.50"}),
        (noodle_bar(), {"company": "MEE & MORE NOODLE BAR", "date": "7 NOV 18", "total": "9.79"}),
        ([], {"company": "", "date": "", "total": ""}),
    ],
)
def test_receipts(boxes: list[tuple[int, int, int, int, str]], receipt: Receipt) -> None:
    assert read_receipt(boxes) == receipt
