# mypy: disable-error-code="empty-body"
"""The company of a receipt, from its rows of text."""

import pytest

from pytest_compiled_ai import spec

REGISTRATION = r"\(?\s*(?:CO\.? ?REG|COMPANY|REG|ROC|GST)\b.*\d|\(?\s*[A-Z]{0,3}\d{5,}"
LEGAL_FORM = r"\b(?:SDN BHD|S/B|BHD|BERHAD|ENTERPRISE|TRADING|PTE LTD)\b"
NO_NAMES = (
    "INVOICE",
    "RECEIPT",
    "TEL:",
    "TEL :",
    "FAX",
    "GST",
    "JALAN",
    "DATE",
    "CASHIER",
    "WWW",
    "@",
    "THANK",
    "BILL",
)


@spec
def clean_name(row: str) -> str:
    """Return a row without the registration number that a company writes behind its name.

    1. Cut the row where the regular expression REGISTRATION matches first, and keep what is before it.
    2. Strip spaces and the signs `-:,(` from both ends.

    >>> clean_name("MAJU JAYA HARDWARE SDN BHD (654321-K)")
    'MAJU JAYA HARDWARE SDN BHD'
    """


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("TEH BUNGA (KL) SDN BHD (139999 X)", "TEH BUNGA (KL) SDN BHD"),
        ("LAKSA HOUSE 002012345-P", "LAKSA HOUSE"),
        ("7 STARS MART S/B (CO.REG : 860000-D)", "7 STARS MART S/B"),
        ("PASAR SEGAR - (JM0326999-A)", "PASAR SEGAR"),
        ("NOODLE BAR: COMPANY NO 778899", "NOODLE BAR"),
        ("KEDAI BUKU ILMU", "KEDAI BUKU ILMU"),
        ("(0005583999-K)", ""),
        ("", ""),
    ],
)
def test_names_without_numbers(row: str, name: str) -> None:
    assert clean_name(row) == name


@spec
def may_be_name(row: str) -> bool:
    """Tell whether a row of a receipt can be the name of a shop. It can if all of these hold.

    - At least 4 of its characters are letters.
    - It has no 3 digits behind each other.
    - None of NO_NAMES is in it, compared in capitals.

    >>> may_be_name("TEH BUNGA SDN BHD")
    True
    >>> may_be_name("TEL: 03-5555 1234")
    False
    """


@pytest.mark.parametrize("row", ["99 NASI", "Kedai Kopi", "B & B BAKERY", "LAKSA 24"])
def test_may_be_names(row: str) -> None:
    assert may_be_name(row) is True


@pytest.mark.parametrize("row", ["", "R", "ABC", "81100 JOHOR", "Tax Invoice", "NO 7, JALAN MAWAR", "shop@example.com"])
def test_cannot_be_names(row: str) -> None:
    assert may_be_name(row) is False


@spec
def is_company(name: str) -> bool:
    """Tell whether a name has a legal form.

    It has one if the regular expression LEGAL_FORM is found in it when it is written in capitals and without points.

    >>> is_company("Teh Bunga Sdn. Bhd.")
    True
    >>> is_company("TRADINGS")
    False
    >>> is_company("TEH BUNGA HOUSE")
    False
    """


@pytest.mark.parametrize("name", ["LAKSA ENTERPRISE", "7 STARS MART S/B", "MEE BERHAD", "ANN TRADING CO", "BHD"])
def test_companies(name: str) -> None:
    assert is_company(name) is True


@pytest.mark.parametrize("name", ["", "TRADINGS", "BHDX", "MART S / B", "ENTERPRISES"])
def test_no_companies(name: str) -> None:
    assert is_company(name) is False


@spec
def join_forms(rows: list[str]) -> list[str]:
    """Return rows, but a row that begins with SDN or BHD is joined to the row before it with a space.

    The first row has no row before it and stays as it is.

    >>> join_forms(["TEH BUNGA", "SDN BHD (654321-K)", "KUALA LUMPUR"])
    ['TEH BUNGA SDN BHD (654321-K)', 'KUALA LUMPUR']
    """


@pytest.mark.parametrize(
    ("rows", "joined"),
    [
        ([], []),
        (["SDN BHD", "A"], ["SDN BHD", "A"]),
        (["A", "B", "BHD"], ["A", "B BHD"]),
        (["A SDN", "BHD", "SDN BHD"], ["A SDN BHD SDN BHD"]),
        (["A SDN BHD", "B"], ["A SDN BHD", "B"]),
    ],
)
def test_joined_rows(rows: list[str], joined: list[str]) -> None:
    assert join_forms(rows) == joined


@spec(uses=[clean_name, may_be_name, join_forms])
def possible_names(rows: list[str]) -> list[str]:
    """Return the names that may be the company's, from the rows of a receipt.

    1. Take the first 6 of the rows that `join_forms` returns.
    2. Clean each of them by `clean_name`.
    3. Keep those that `may_be_name`.

    >>> possible_names(["TAX INVOICE", "LAKSA HOUSE SDN BHD (654321-K)", "NO 7, JALAN MAWAR", "IPOH"])
    ['LAKSA HOUSE SDN BHD', 'IPOH']
    """


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([], []),
        (["TAX INVOICE", "12345"], []),
        (["MEE & MORE", "SDN BHD (654321-K)", "KLANG"], ["MEE & MORE SDN BHD", "KLANG"]),
        (["R", "ROTI", "KLANG", "PUCHONG", "PERAK", "IPOH", "KEDAH"], ["ROTI", "KLANG", "PUCHONG", "PERAK", "IPOH"]),
        (["A", "B", "C", "D", "ROTI", "SDN BHD", "KLANG", "PERAK"], ["ROTI SDN BHD", "KLANG"]),
    ],
)
def test_possible_names(rows: list[str], names: list[str]) -> None:
    assert possible_names(rows) == names


@spec(uses=[possible_names, is_company], golden="data/company.jsonl", threshold=0.8)
def find_company(rows: list[str]) -> str:
    """Return the name of the company from the rows of a receipt: the first of `possible_names` that `is_company`.

    If none is, it is the first of `possible_names`; if there are none, an empty text.

    >>> find_company(["LAKSA", "LAKSA HOUSE SDN BHD (654321-K)", "NO 7, JALAN MAWAR"])
    'LAKSA HOUSE SDN BHD'
    >>> find_company(["R", "LAKSA HOUSE", "TEL: 03-5555 1234"])
    'LAKSA HOUSE'
    """


@pytest.mark.parametrize(
    ("rows", "company"),
    [
        ([], ""),
        (["TAX INVOICE", "12345"], ""),
        (["MEE & MORE", "SDN BHD (654321-K)", "KUALA LUMPUR"], "MEE & MORE SDN BHD"),
        (["ROTI CORNER", "KLANG", "SHAH ALAM", "PUCHONG", "IPOH", "PERAK", "OTHER SDN BHD"], "ROTI CORNER"),
        (["ROTI CORNER", "KLANG", "SHAH ALAM", "PUCHONG", "IPOH", "OTHER SDN BHD"], "OTHER SDN BHD"),
        (["TEH ENTERPRISE", "KOPI SDN BHD"], "TEH ENTERPRISE"),
    ],
)
def test_companies_of_receipts(rows: list[str], company: str) -> None:
    assert find_company(rows) == company
