# mypy: disable-error-code="empty-body"
"""The total of a receipt, as digits and a point, from its rows of text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai import spec

AMOUNT = r"-?\d[\d,]*\.\d{2}(?!\d)"
TOTAL_WORDS = ("TOTAL", "PAYABLE", "AMOUNT DUE", "BALANCE DUE", "AMT DUE", "NETT", "ROUNDING RM")
OTHER_WORDS = (
    "SUB", "QTY", "QUANTITY", "EXCL", "DISC", "ITEM", "SAVING", "PAID", "CHANGE", "CASH", "POINT", "TOTAL GST",
    "TOTAL TAX", "GST TOTAL", "TAX TOTAL", "INCLUDED"
)  # fmt: skip
PAID_WORDS = ("CASH", "CHANGE", "TENDER", "PAID", "VISA", "MASTER", "PAYMENT")


@spec
def amount_texts(text: str) -> list[str]:
    """Return all money amounts in a text, from left to right, as texts without commas.

    An amount is what the regular expression AMOUNT finds.

    >>> amount_texts("2 X 4.50 = RM1,009.00")
    ['4.50', '1009.00']
    """


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("", []),
        ("TOTAL QTY: 3", []),
        ("$7.05 SR", ["7.05"]),
        ("ROUNDING ADJ -0.02", ["-0.02"]),
        ("TOTAL 12,345,678.90", ["12345678.90"]),
        ("3 X 4.5000 13.50", ["13.50"]),
    ],
)
def test_amounts_in_texts(text: str, amounts: list[str]) -> None:
    assert amount_texts(text) == amounts


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=2))
def test_every_amount_is_found(amount: Decimal) -> None:
    assert amount_texts(f"1 MUG 19.90 TOTAL RM {amount:,} SR") == ["19.90", f"{amount}"]


@spec
def names_total(row: str) -> bool:
    """Tell whether a row of a receipt names the total, by the words in it, in capitals or not.

    It does if the row contains one of TOTAL_WORDS and none of OTHER_WORDS. A word may be a part of a longer one:
    SUBTOTAL contains SUB and TOTAL.

    >>> names_total("Grand Total: RM 9.00")
    True
    >>> names_total("SUB-TOTAL 9.00")
    False
    """


@pytest.mark.parametrize(
    "row",
    ["TOTAL", "total (rm) 12.00", "NETT : 12.00", "TOTAL INCL. GST @6% 12.00", "Amount Payable", "BALANCE DUE : 1.00"],
)
def test_rows_that_name_the_total(row: str) -> None:
    assert names_total(row) is True


@pytest.mark.parametrize(
    "row",
    ["", "KOPI O 2.20", "Subtotal 12.00", "TOTAL QTY: 3", "TOTAL EXCLUDING GST 11.32", "TOTAL GST 0.68", "CHANGE DUE"],
)
def test_rows_that_do_not(row: str) -> None:
    assert names_total(row) is False


@spec(uses=[amount_texts])
def amount_beside(rows: list[str], index: int) -> str:
    """Return the amount that stands beside a label, in the row at an index, or in the row below it.

    1. If there are `amount_texts` in the row at the index, return the last of them.
    2. Otherwise, if there is a row at index + 1 and there are `amount_texts` in it, return the last of those.
    3. Otherwise return an empty text.

    >>> amount_beside(["TOTAL 2 9.00", "CASH 10.00"], 0)
    '9.00'
    >>> amount_beside(["TOTAL", "RM 9.00"], 0)
    '9.00'
    """


@pytest.mark.parametrize(
    ("rows", "index", "amount"),
    [
        (["1.00", "2.00", "3.00"], 1, "2.00"),
        (["1.00 2.00", "3.00"], 0, "2.00"),
        (["1.00", "TOTAL", "2.00 3.00"], 1, "3.00"),
        (["1.00", "TOTAL"], 1, ""),
        (["1.00", "TOTAL", "THANK YOU", "3.00"], 1, ""),
    ],
)
def test_amounts_of_a_row_or_below(rows: list[str], index: int, amount: str) -> None:
    assert amount_beside(rows, index) == amount


@spec
def before_summary(rows: list[str]) -> list[str]:
    """Return the rows before the first one that contains the word summary, in capitals or not; else all rows.

    Receipts end with a table that is called tax summary or the like, and has totals of its own.

    >>> before_summary(["TOTAL 9.00", "CASH 9.00", "GST SUMMARY", "TOTAL 8.49"])
    ['TOTAL 9.00', 'CASH 9.00']
    >>> before_summary(["TOTAL 9.00", "Tax Summary"])
    ['TOTAL 9.00']
    """


@pytest.mark.parametrize(
    ("rows", "before"),
    [([], []), (["A", "B"], ["A", "B"]), (["Summary", "A"], []), (["A", "SUMMARY", "B", "SUMMARY"], ["A"])],
)
def test_rows_before_the_summary(rows: list[str], before: list[str]) -> None:
    assert before_summary(rows) == before


@spec(uses=[names_total, amount_beside])
def totals_of(rows: list[str]) -> list[str]:
    """Return the amounts of the rows that name the total, from top to bottom.

    For each index of the rows: if `names_total` of the row is true, take `amount_beside` of the rows and the index,
    and keep it if it is not empty.

    >>> totals_of(["SUBTOTAL 9.02", "TOTAL 9.02", "ROUNDING -0.02", "NET TOTAL 9.00", "CASH 10.00"])
    ['9.02', '9.00']
    >>> totals_of(["CASH BILL", "TOTAL RM", "9.00", "TOTAL PIECES: 1"])
    ['9.00']
    """


@pytest.mark.parametrize(
    ("rows", "totals"),
    [
        ([], []),
        (["1 X ROTI CANAI 1.80", "TOTAL INCL. GST 1.80", "Change 3.20"], ["1.80"]),
        (["TOTAL 4.50", "TOTAL 4.50"], ["4.50", "4.50"]),
        (["RETURNED BREAD -3.20", "TOTAL PAYABLE: -3.20"], ["-3.20"]),
        (["NASI LEMAK 4.50", "TOTAL"], []),
    ],
)
def test_totals_of_rows(rows: list[str], totals: list[str]) -> None:
    assert totals_of(rows) == totals


@spec(uses=[amount_texts])
def largest_amount(rows: list[str]) -> str:
    """Return the largest amount in rows of text, as a text.

    1. Leave out every row that has one of PAID_WORDS in it, in capitals or not: compare with `row.upper()`.
    2. Collect the texts that `amount_texts` finds in the other rows.
    3. Return the one that is the largest as a number (`float`). Return an empty text where there is none.

    >>> largest_amount(["MUG 19.90", "PLATE 7.50", "27.40", "CASH 50.00"])
    '27.40'
    """


@pytest.mark.parametrize(
    ("rows", "amount"),
    [
        ([], ""),
        (["THANK YOU", "Visa 9.00"], ""),
        (["9.00", "10.00", "cash 20.00"], "10.00"),
        (["1,009.00 2.00", "999.00"], "1009.00"),
        (["-3.00", "-4.00"], "-3.00"),
    ],
)
def test_largest_amounts(rows: list[str], amount: str) -> None:
    assert largest_amount(rows) == amount


@spec(uses=[before_summary, totals_of, largest_amount], golden="data/total.jsonl", threshold=0.8)
def find_total(rows: list[str]) -> str:
    """Return the total of a receipt from its rows: digits and a point, without a currency.

    1. `before_summary` of the rows leaves those that matter.
    2. If there are `totals_of` these, return the last of them: the total after rounding comes last.
    3. Otherwise return the `largest_amount` of these.

    >>> find_total(["TOTAL 12.03", "ROUNDING 0.02", "NET TOTAL RM12.05", "GST SUMMARY", "TOTAL 11.37"])
    '12.05'
    >>> find_total(["MUG 19.90", "PLATE 7.50", "27.40", "CASH 50.00"])
    '27.40'
    """


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([], ""),
        (["THANK YOU"], ""),
        (["TOTAL SALES 7.09", "ROUNDING RM 7.10", "CASH RM 10.00"], "7.10"),
        (["TOTAL QTY: 2 7.52", "TOTAL OF SALES (INCL. GST) : 7.50", "CHANGE : 2.50"], "7.50"),
        (["SUMMARY", "TOTAL 3.00"], ""),
    ],
)
def test_totals_of_receipts(rows: list[str], total: str) -> None:
    assert find_total(rows) == total
