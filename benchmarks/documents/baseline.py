"""The reader that the compiled one is measured against: regular expressions, written by a person on the 20 labelled.

It was written before anything was compiled, and is not touched any more. Text boxes are joined to rows of text first;
everything else is regular expressions on these rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from benchmarks.documents.receipts import Box

_COMPANY_END = re.compile(
    r"\b(?:SDN\.? ?BHD|S/B|BHD|ENTERPRISE|TRADING|RESTAURANT|RESTORAN|MART|SHOP|STORE|HARDWARE|STATIONERY|CAFE|BAKERY"
    r"|KEDAI|PHARMACY|MARKETING|SUPPLY|BOOK|MINIMARKET)\b"
)
_LEGAL_FORM = re.compile(r"\b(?:SDN\.? ?BHD|S/B|BHD|ENTERPRISE|TRADING)\b")
_FORM_ALONE = re.compile(r"^\(?[MKL]{0,2}\)? ?SDN\.? ?BHD")
_REGISTRATION = re.compile(
    r"\s*\(?\s*(?:CO\.?\s*(?:REG)?\.?\s*(?:NO)?\.?\s*:?)?\s*\(?[\dA-Z]{0,2}\d{5,}\s*-?\s*[A-Z]?\s*\)?\s*$"
)
_NO_COMPANY = re.compile(r"\d{3}|TAX INVOICE|INVOICE|RECEIPT|^.{0,3}$|^(?:TEL|FAX|GST|DATE|NO|LOT|JALAN)\b")
_COMPANY_ROWS, _HEAD_ROWS = 4, 8

_MONTH = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*"
_DATE = re.compile(
    r"(?<![\d/.-])(?:"
    r"\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?(?:20\d\d(?=\d\d:)|20\d\d|\d\d)"
    r"|20\d\d[/.-]\d{1,2}[/.-]\d{1,2}"
    rf"|\d{{1,2}}[ /.-]?{_MONTH}[ /.,-]*(?:20\d\d|\d\d)"
    rf"|{_MONTH} ?\d{{1,2}},? ?20\d\d"
    r")(?:(?=\d\d:)|(?![\d/-]))",
    re.IGNORECASE,
)

_AMOUNT = re.compile(r"-?\d[\d,]*\.\d{2}(?!\d)")
_TOTAL = re.compile(r"TOTAL|AMOUNT (?:DUE|PAYABLE|TO PAY)|^ROUNDING RM|BALANCE DUE|\bNETT?\b")
_OTHER_TOTAL = re.compile(
    r"SUB|QTY|QUANTITY|EXCL|ITEM|DISC|SAVING|CHANGE|CASH|PAID|TOTAL (?:GST|TAX|0%|6%)|(?:GST|TAX).{0,12}TOTAL|POINT"
)
_PAID = re.compile(r"CASH|CHANGE|TENDER|PAID|VISA|MASTER|PAYMENT")
_SUMMARY = re.compile(r"(?:GST|TAX) ?SUMMARY|GST ANALYSIS")


def read_receipt(boxes: Sequence[Box]) -> dict[str, str]:
    """Return the company, the date and the total of a receipt; each is empty where none is found."""
    rows = join_rows(boxes)
    return {"company": find_company(rows), "date": find_date(rows), "total": find_total(rows)}


def join_rows(boxes: Sequence[Box]) -> list[str]:
    """Return the rows of text from top to bottom: a box whose middle is within the row's first box belongs to it."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box[1] + box[3]):
        middle = (box[1] + box[3]) / 2
        if rows and rows[-1][0][1] <= middle <= rows[-1][0][3]:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [" ".join(box[4].strip() for box in sorted(row)) for row in rows]


def find_company(rows: Sequence[str]) -> str:
    """Return the first row at the top that ends as companies do, else the first that may be a name."""
    rows = [f"{before} {row}" if _FORM_ALONE.match(row) else row for before, row in pairwise(["", *rows])]
    named = [row for row in rows[:_HEAD_ROWS] if not _NO_COMPANY.search(_REGISTRATION.sub("", row))]
    legal = next((row for row in named[:_COMPANY_ROWS] if _LEGAL_FORM.search(row)), None)
    other = next((row for row in named[:2] if _COMPANY_END.search(row)), None)
    return _REGISTRATION.sub("", legal or other or next(iter(named), "")).strip()


def find_date(rows: Sequence[str]) -> str:
    """Return the first date, as it is written."""
    found = next((match for row in rows if (match := _DATE.search(row))), None)
    return found[0] if found else ""


def find_total(rows: Sequence[str]) -> str:
    """Return the last amount beside a total, or below it, before the table of taxes; else the largest of all."""
    if found := list(_totals(rows)):
        return found[-1]
    others = [row for row in rows if not _PAID.search(row)]
    amounts = [amount.replace(",", "") for row in others for amount in _AMOUNT.findall(row)]
    return max(amounts, key=float, default="")


def _totals(rows: Sequence[str]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if _SUMMARY.search(row):
            return
        if not _TOTAL.search(row) or _OTHER_TOTAL.search(row):
            continue
        for place in rows[number : number + 2]:
            if amounts := _AMOUNT.findall(place):
                yield amounts[-1].replace(",", "")
                break
