"""What a way reads is what the expression that it writes finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.templates.ways import _HELPERS, MISSING, Way, count_read, read

TEXT = 'Send 3 kg of tea and 4.5 kg of "green rice" from Bonn to New York at 20%, on 2024-05-01: [1, 2], (a, b), {None: 1}, [[1, 2.5], [3]].'
WAYS = [
    (Way(helper="numbers_in", kind="int", place=0), 3),
    (Way(helper="numbers_in", kind="float", place=1), 4.5),
    (Way(helper="numbers_in", kind="int", place=9), MISSING),
    (Way(helper="number_after", kind="int", words=("send",)), 3),
    (Way(helper="quantity_in", kind="float", words=("%",), percent=True), 0.2),
    (Way(helper="quantities_in", kind="str", place=0, part=1), "kg"),
    (Way(helper="quantities_in", kind="str", place=9, part=1), MISSING),
    (Way(helper="quoted_in", kind="str", place=-1), "green rice"),
    (Way(helper="quoted_in", kind="list"), ["green rice"]),
    (Way(helper="text_between", kind="str", words=("from", "to")), "Bonn"),
    (Way(helper="text_after", kind="str", words=("nowhere",)), MISSING),
    (Way(helper="number_lists_in", kind="list", items="float", place=0), [1.0, 2.0]),
    (
        Way(
            helper="items_in",
            kind="list",
            inside=Way(helper="text_between", kind="str", words=("kg of", "from")),
        ),
        ["tea", '4.5 kg of "green rice'],
    ),
    (Way(helper="dates_in", kind="str", place=0, form="%d/%m/%Y"), "01/05/2024"),
    (Way(helper="dates_in", kind="str", place=1, form="%d/%m/%Y"), MISSING),
    (Way(helper="literals_in", kind="list", place=0), [1, 2]),
    (Way(helper="literals_in", kind="dict", place=0), {None: 1}),
    (Way(helper="matrices_in", kind="list", items="float", place=0), [[1.0, 2.5], [3.0]]),
    (Way(helper="closest_option", kind="str", words=(["green", "red"],)), "green"),
]


@pytest.mark.parametrize(("way", "value"), WAYS)
def test_a_way_reads_a_value(way, value):
    assert read([way], TEXT) == value or (value is MISSING and read([way], TEXT) is MISSING)


@pytest.mark.parametrize("way", [way for way, _ in WAYS])
@given(text=st.one_of(st.just(TEXT), st.text(max_size=30)))
def test_what_is_written_finds_the_same(way, text):
    found = eval(way.write("text"), dict(_HELPERS), {"text": text})
    assert (found or None) == (way.find(text) or None)
    if found not in (None, "", []):
        assert eval(way.write_value("found"), {"found": found}) == way.convert(found)


def test_a_value_that_cannot_be_converted_is_left_to_the_next_way():
    other = Way(helper="text_after", kind="int", words=("of",))
    assert read([other, Way(helper="numbers_in", kind="int", place=0)], "of tea 3") == 3


def test_rows_are_counted_that_are_read():
    ways = [Way(helper="number_after", kind="int", words=("n",)), Way(helper="numbers_in", kind="int", place=0)]
    rows = [("n 1", 1), ("2 n", 2), ("none", MISSING), ("n 1", True), ("n 0", MISSING)]
    assert count_read(ways, rows) == 3
    assert count_read(ways[:1], rows) == 2


def test_a_way_is_the_broader_the_fewer_words_it_goes_by():
    between = Way(helper="text_between", kind="str", words=("a", "b"))
    ways = [
        between,
        Way(helper="items_in", kind="list", inside=between),
        Way(helper="text_after", kind="str", words=("a",)),
        Way(helper="items_in", kind="list", inside=Way(helper="text_after", kind="str", words=("a",))),
        Way(helper="names_in", kind="list"),
    ]
    assert [way.breadth for way in ways] == [0, 0, 1, 1, 2]
    assert ways[0].is_alike(ways[2])
    assert not ways[0].is_alike(Way(helper="numbers_in", kind="float", percent=True))
