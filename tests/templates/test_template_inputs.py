"""The calls that properties are tried on."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.templates.inputs import make_property_inputs, write_input
from pytest_compiled_ai.templates.objects import OpenClasses
from pytest_compiled_ai.templates.texts import MUTATIONS, change_texts

HEAD = "from typing import Any\nfrom app.types import Item\nfrom pytest_compiled_ai import spec\n\n"


@pytest.fixture
def inputs_for(form_of):
    def make(signature, rows=()):
        form = form_of(f'{HEAD}@spec\ndef f{signature}:\n    """Do.\n\n    >>> f\n    1\n    """\n')
        return [make_property_inputs(form, rows, OpenClasses()) for _ in range(2)]

    return make


def test_inputs_are_rows_changes_of_them_and_others_the_same_each_time(inputs_for):
    rows = [make_input(["Total: 12.50 EUR"], {}), make_input([], {"text": "Total: 7"})]
    first, again = inputs_for("(text: str, *, deep: bool = False) -> int", rows)
    texts = [each.text for each in first]
    assert first == again
    assert (texts[:2], len(set(texts))) == ([row.text for row in rows], len(texts))
    assert {"''", "text=''", "'tOTAL: 12.50 eur'", "text='Total: \u0667'"} <= set(texts)
    assert any("⁷" in text or "¹²" in text for text in texts)
    assert 80 <= len(texts) <= 122
    assert any(each.arguments and "Total" not in each.arguments[0] for each in first)


def test_named_arguments_are_given_by_name(inputs_for):
    first, _ = inputs_for("(a: int, /, *, b: Item) -> int")
    assert {len(each.arguments) for each in first} == {1}
    assert {tuple(name for name, _ in each.keywords) for each in first} == {("b",)}
    assert "b=Item(kind=Kind." in first[0].text


def test_what_cannot_be_drawn_leaves_the_rows(inputs_for):
    rows = [make_input(["ab"], {})]
    first, _ = inputs_for("(text: Any) -> int", rows)
    assert first[0].text == "'ab'"
    assert all(isinstance(each.arguments[0], str) for each in first)
    assert inputs_for("(text: Any) -> int") == [(), ()]


def test_no_input_is_much_longer_than_those_of_the_tests(inputs_for):
    long = make_input(["word " * 1000], {})
    first, _ = inputs_for("(text: str) -> int", [long])
    assert max(len(each.text) for each in first) <= 3 * len(long.text)
    spaces = make_input([" " * 1000], {})
    first, _ = inputs_for("(text: str) -> int", [spaces])
    assert max(len(each.text) for each in first) <= 3 * len(spaces.text)


def test_texts_inside_of_values_are_changed_and_keys_are_not():
    assert change_texts({"a": ["x", ("y", 1)], "b": None}, str.upper) == {"a": ["X", ("Y", 1)], "b": None}


def test_each_change_takes_any_text():
    for change in MUTATIONS:
        for text in ("", "a", "1 2", "\0", "é²٣"):
            assert isinstance(change(text), str)


def test_an_input_of_any_data_has_a_text():
    item = OpenClasses().make("app.Item", "record", ["name", "a"])
    given = write_input([item], {"b": [1]})
    assert (given.text, given.copies()) == ("Item(name='a'), b=[1]", ([item], {"b": [1]}))
