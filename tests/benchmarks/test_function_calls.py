from __future__ import annotations

import pytest
from function_calling_sets import FERRY, OVEN, load_function_calling, row, write_calls
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def calling():
    return load_function_calling()


@pytest.fixture
def make(calling):
    def make(schema, answer, text="Some text."):
        return calling.calls.read_call(row(0, text, schema, answer))

    return make


def test_a_row_is_read_in_both_forms(calling, tmp_path):
    folder = write_calls(tmp_path)
    first = calling.calls.read_calls(folder, "simple_python")[0]
    assert (first.name, first.required) == ("oven.set", ("degrees", "dish"))
    assert first.text == "Heat the oven to 180 degrees for lasagne."
    assert first.may_omit("fan")
    assert not first.may_omit("dish")
    assert [call.answer for call in calling.calls.read_calls(folder, "exec_simple")[:2]] == [
        {"seats": [12]},
        {"seats": [7]},
    ]
    assert first.offered == (OVEN,)


def test_all_turns_are_the_text_and_the_answer_chooses_the_function(calling):
    each = row(0, "Two seats.", FERRY, {"seats": [2]})
    each["function"] = [OVEN, FERRY]
    each["question"][0].insert(0, {"role": "system", "content": "Be kind."})
    call = calling.calls.read_call(each)
    assert (call.text, call.name, len(call.offered)) == ("Be kind.\nTwo seats.", "ferry.book", 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(a=1)", [("f", {"a": 1})]),
        (" [g.h(a=(1, (2, -3)), b={'c': (4,)}), f()]\n", [("g.h", {"a": [1, [2, -3]], "b": {"c": [4]}}), ("f", {})]),
        ("`f(7, b='x')`", [("f", {"a": 7, "b": "x"})]),
        ("f(a=other + 1)", [("f", {"a": "other + 1"})]),
    ],
)
def test_calls_are_parsed(calling, text, expected):
    assert calling.calls.parse_calls(text, {"f": ["a"]}) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [("I can't", "no call"), ("f", "no call: f"), ("g(1)", "without a name"), ("(" * 500, "no call")],
)
def test_what_is_no_call_is_an_error(calling, text, message):
    with pytest.raises(ValueError, match=message):
        calling.calls.parse_calls(text, {})


SHOP = {
    "name": "shop.find", "description": "", "parameters": {"type": "dict", "required": ["what"], "properties": {
        "what": {"type": "string"}, "most": {"type": "integer"}, "price": {"type": "float"},
        "fresh": {"type": "boolean"}, "sizes": {"type": "array", "items": {"type": "float"}},
        "tags": {"type": "array", "items": {"type": "string"}}, "where": {"type": "dict"},
        "parts": {"type": "array", "items": {"type": "dict"}},
    }},
}  # fmt: skip
ANSWER = {
    "what": ["Rye bread", "bread"], "most": ["", 3], "price": ["", 2.5, 4], "fresh": ["", True], "sizes": ["", [1.0, 2.0]],
    "tags": ["", ["a-b", "c"]], "where": ["", {"city": ["Graz"], "zip": ["", "8010"]}],
    "parts": ["", [{"n": [1]}, {"n": [2, 3]}]],
}  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"what": "RYE-BREAD"},
        {"most": 3},
        {"price": 2.5},
        {"price": 4},
        {"fresh": True},
        {"sizes": [1.0, 2.0]},
        {"sizes": []},
        {"tags": ["AB", "c"]},
        {"where": {"city": "graz"}},
        {"where": {"city": "Graz", "zip": "8010"}},
        {"parts": [{"n": 1}, {"n": 3}]},
    ],
)
def test_what_the_rules_accept(calling, make, given):
    assert calling.checker.find_fault(make(SHOP, ANSWER), [{"shop.find": {"what": "bread"} | given}]) == ""


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"what": "cake"}, "what is 'cake'"),
        ({"what": 1}, "what is 1"),
        ({"most": 3.0}, "most is 3.0"),
        ({"most": True}, "most is True"),
        ({"price": "4"}, "price is '4'"),
        ({"fresh": 1}, "fresh is 1"),
        ({"fresh": False}, "fresh is False"),
        ({"sizes": [2.0, 1.0]}, "sizes is"),
        ({"tags": ["c", "a-b"]}, "tags is"),
        ({"where": {"zip": "8010"}}, "where is"),
        ({"where": {"city": "Graz", "land": "AT"}}, "where is"),
        ({"parts": [{"n": 1}]}, "parts is"),
        ({"parts": [{"n": 1}, {"n": 4}]}, "parts is"),
        ({"colour": "red"}, "colour is not expected"),
    ],
)
def test_what_the_rules_refuse(calling, make, given, fault):
    assert calling.checker.find_fault(make(SHOP, ANSWER), [{"shop.find": {"what": "bread"} | given}]).startswith(fault)


def test_a_call_too_many_or_of_another_name_or_without_what_is_required_is_refused(calling, make):
    call, right = make(SHOP, {"what": ["bread"], "most": [3]}), {"shop.find": {"what": "bread", "most": 3}}
    assert calling.checker.find_fault(call, [right]) == ""
    assert calling.checker.find_fault(call, []) == "0 calls instead of one"
    assert calling.checker.find_fault(call, [right, right]) == "2 calls instead of one"
    assert calling.checker.find_fault(call, [{"shop": right["shop.find"]}]) == "the function is not shop.find"
    assert calling.checker.find_fault(call, [{"shop.find": {"most": 3}}]) == "what is required"
    assert calling.checker.find_fault(call, [{"shop.find": {"what": "bread"}}]) == "most is missing"


def test_a_value_of_the_type_of_the_answer_is_compared_plainly(calling):
    accepts = calling.checker.accepts
    assert accepts({"type": "integer"}, "n", ["n"])
    assert not accepts({"type": "integer"}, "N", ["n"])
    assert accepts({"type": "array", "items": {"type": "float"}}, [1, 2], [[1, 2]])
    assert not accepts({"type": "array", "items": {"type": "float"}}, [1, 2], [[1.0, 2.0]])
    assert accepts({"type": "integer"}, 4, [4.0])


@given(st.text(), st.sampled_from(" ,./-_*^"), st.integers(0, 9))
def test_texts_are_compared_without_what_is_ignored(text, ignored, place):
    standardize = load_function_calling().checker.standardize
    assert standardize(text[:place] + ignored + text[place:]) == standardize(text)
