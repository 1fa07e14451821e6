# mypy: disable-error-code="empty-body"
"""The date of a receipt, as it is written, from its rows of text."""

import pytest

from pytest_compiled_ai import spec

DATE_FORMS = (
    r"(?<![\d/.-])(?:\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?(?:20\d\d|\d\d)|20\d\d[/.-]\d{1,2}[/.-]\d{1,2}"
    r"|\d{1,2}[ /.-]?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[ /.,'-]*(?:20\d\d|\d\d)"
    r"|(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]* ?\d{1,2},? ?20\d\d)(?:(?=\d\d:)|(?![\d/-]))"
)


@spec
def date_in(row: str) -> str:
    """Return the first date in a row of text, as it is written: what the regular expression DATE_FORMS finds.

    The case of letters does not matter. Return an empty text where it finds nothing.

    >>> date_in("DATE: 07/11/2018 13:04")
    '07/11/2018'
    >>> date_in("TEL: 03-5555 1234")
    ''
    """


@pytest.mark.parametrize(
    ("row", "date"),
    [
        ("", ""),
        ("30-11-16", "30-11-16"),
        (": 2.1.2017 1:11:38 PM", "2.1.2017"),
        ("15 NOV 18 08:34:31 PM", "15 NOV 18"),
        ("24 Dec 2018 18:25", "24 Dec 2018"),
        ("24-DEC-2018", "24-DEC-2018"),
        ("2018-11-07", "2018-11-07"),
        ("NOV 7, 2018", "NOV 7, 2018"),
        ("07/11/201813:04:05", "07/11/2018"),
        ("07 / 11 / 2018", "07 / 11 / 2018"),
        ("7/11/18 AND 8/11/18", "7/11/18"),
        ("INV NO: 1177/102/T0382", ""),
        ("GST ID : 000781999416", ""),
    ],
)
def test_dates_in_rows(row: str, date: str) -> None:
    assert date_in(row) == date


@spec(uses=[date_in], golden="data/date.jsonl", threshold=0.8)
def find_date(rows: list[str]) -> str:
    """Return the date of a receipt, as it is written, from its rows.

    1. Go through the rows that have the word "date" in them, in capitals or not: `"date" in row.lower()`. Return the
       first result of `date_in` that is not empty.
    2. If there is none, go through all rows, and return the first result of `date_in` that is not empty.
    3. If there is none either, return an empty text.

    >>> find_date(["PRINTED 09/11/2018", "TABLE 7", "Date: 07/11/2018"])
    '07/11/2018'
    >>> find_date(["LAKSA HOUSE", "7 NOV 2018 18:25"])
    '7 NOV 2018'
    """


@pytest.mark.parametrize(
    ("rows", "date"),
    [
        ([], ""),
        (["LAKSA HOUSE", "TOTAL 9.00"], ""),
        (["DATE", "07-11-18", "08-11-18"], "07-11-18"),
        (["1/2/2018", "BIZDATE: 3/2/2018", "DATE 4/2/2018"], "3/2/2018"),
        (["INVOICE DATE :", "TIME 13:04", "UP TO DATE", "5 MAY 18"], "5 MAY 18"),
    ],
)
def test_dates_of_receipts(rows: list[str], date: str) -> None:
    assert find_date(rows) == date
