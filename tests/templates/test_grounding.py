"""What stands in a document, and what was made up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.templates.grounding import find_ungrounded
from pytest_compiled_ai.templates.objects import OpenClasses

MADE = OpenClasses()
DOCUMENT = """ACME  GmbH & Co. KG
12 High Street
Date: 3rd March 2026, 14:05
Items: 7
TOTAL: € 1,234.50  (VAT 1 000.00)
Reference ABC-٣٤
"""


@pytest.mark.parametrize(
    "value",
    [
        "acme gmbh", "ACME GmbH & Co. KG 12 High Street", "1234.50", "ABC-34", "", "...", "2026-03-03",
        "12 High Street, ACME",
        7, 1234.5, Decimal("1234.50"), Decimal("1000"), 34, 1000.0, Decimal("-1234.5"),
        date(2026, 3, 3), datetime(2026, 3, 3, 14, 5), datetime(2026, 3, 3), time(14, 5),
        None, True, timedelta(1), {"a": ["ACME", 7]}, ("ACME", [7]),
        MADE.make("app.Item", "record", ["name", "ACME", "tags", ["GmbH"]]),
        MADE.make("app.Kind", "enum", ["INVENTED"]),
    ],
)  # fmt: skip
def test_what_stands_in_the_document_is_grounded(value):
    assert find_ungrounded(value, DOCUMENT) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Globex", "it is 'Globex'"),
        ("ACME Holding", "it is 'ACME Holding'"),
        (8, "it is 8"),
        (1235, "it is 1235"),
        (Decimal("12.34"), "it is Decimal('12.34')"),
        (float("nan"), "it is nan"),
        (0, ""),
        (date(2026, 4, 3), "it is datetime.date(2026, 4, 3)"),
        (date(2025, 3, 3), "it is datetime.date(2025, 3, 3)"),
        ("2026-04-03", "it is '2026-04-03'"),
        (datetime(2026, 3, 3, 16, 5), "it is datetime.datetime(2026, 3, 3, 16, 5)"),
        (time(14, 6), "it is datetime.time(14, 6)"),
        ({"a": ["ACME", 8]}, "['a'][1] is 8"),
        (MADE.make("app.Item", "record", ["name", "ACME", "total", 8]), ".total is 8"),
        (MADE.make("app.Point", "named", ["ACME", 8]), ".1 is 8"),
    ],
)
def test_what_does_not_stand_there_is_named(value, said):
    assert find_ungrounded(value, DOCUMENT.replace("00", "77") if value != 0 else DOCUMENT.replace("00", "0")) == said


def test_a_packed_date_and_time_count():
    assert find_ungrounded([date(2026, 3, 31), time(9, 30)], "20260331T0930") == ""
    assert find_ungrounded(date(2026, 3, 31), "31/03/26") == ""
    assert find_ungrounded(time(9, 0), "at 9 am") == ""
    assert find_ungrounded(0, "none") == "it is 0"


def test_documents_of_pieces_count_with_all_their_texts_and_numbers():
    lines = [
        {"text": "ACME", "box": (10, 20.5)},
        MADE.make("app.Line", "named", ["Total", Decimal("12.5"), date(2026, 1, 2), {"x"}]),
    ]
    assert find_ungrounded(["acme", "Total", 12.5, 10, date(2026, 1, 2), "x"], (lines, {"lang": None})) == ""
    assert find_ungrounded("lang", (lines, {"lang": None})) == "it is 'lang'"


def test_what_the_spec_says_itself_may_be_taken_from_there():
    assert find_ungrounded("EUR", "12 €", "The currency is EUR where the sign is €.") == ""


@given(st.text(), st.text(max_size=20), st.text())
def test_a_piece_of_a_document_is_always_grounded(before, piece, behind):
    assert find_ungrounded(piece, before + piece + behind) == ""


@given(st.integers(0, 10**9), st.sampled_from(["{:,}", "{}", "{:_}", "({})", "x{}y", "{:,}.00"]))
def test_a_number_is_grounded_however_it_is_written(number, form):
    assert find_ungrounded(number, form.format(number)) == ""
