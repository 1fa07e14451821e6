"""The part of JSON schema that is checked."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.templates.schema import find_schema_fault, find_unknown

CITY = {
    "type": "object",
    "description": "A place.",
    "properties": {
        "city": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[A-Z]"},
        "days": {"type": ["integer", "null"], "minimum": 1, "maximum": 9},
        "unit": {"enum": ["C", "F", 1]},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
        "at": {"anyOf": [{"type": "number"}, {"const": "now"}]},
        "more": {"type": "object", "additionalProperties": {"type": "boolean"}},
        "any": {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
    },
    "required": ["city"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"city": "Rome"}, ""),
        ({"city": "Rome", "days": None, "unit": "C", "tags": ["a"], "at": "now", "more": {"x": True}}, ""),
        ({"city": "Rome", "at": 1.5, "any": {"a": None, "b": 2}, "unit": 1}, ""),
        ([], "is [], not of the type object"),
        ({}, "lacks the key 'city'"),
        ({"city": "Rome", "town": 1}, "has the key 'town', which the schema does not have"),
        ({"city": 1}, "['city'] is 1, not of the type string"),
        ({"city": ""}, "['city'] is '', and at least 1 is wanted"),
        ({"city": "Romulus"}, "['city'] is 'Romulus', and at most 5 is wanted"),
        ({"city": "rome"}, "['city'] is 'rome', which does not match '^[A-Z]'"),
        ({"city": "R", "days": True}, "['days'] is True, not of the type integer or null"),
        ({"city": "R", "days": 0}, "['days'] is 0, and at least 1 is wanted"),
        ({"city": "R", "days": 10}, "['days'] is 10, and at most 9 is wanted"),
        ({"city": "R", "unit": "K"}, "['unit'] is 'K', none of 'C', 'F', 1"),
        ({"city": "R", "unit": True}, "['unit'] is True, none of 'C', 'F', 1"),
        ({"city": "R", "tags": [1]}, "['tags'][0] is 1, not of the type string"),
        ({"city": "R", "tags": []}, "['tags'] is [], and at least 1 is wanted"),
        ({"city": "R", "tags": ["a", "b", "c"]}, "['tags'] is ['a', 'b', 'c'], and at most 2 is wanted"),
        ({"city": "R", "at": "then"}, "['at'] is 'then', not of the type number"),
        ({"city": "R", "more": {"x": 1}}, "['more']['x'] is 1, not of the type boolean"),
    ],
)
def test_a_value_keeps_to_its_schema_or_it_is_said_where_not(value, fault):
    assert find_schema_fault(value, CITY) == fault


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 12) | st.sampled_from(["", "Rome", "C", "now"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CITY["properties"], "town"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(
    JSON
    | st.fixed_dictionaries(
        {"city": st.just("Rome")}, optional={name: JSON for name in CITY["properties"] if name != "city"}
    )
)
def test_it_says_what_jsonschema_says(value):
    assert bool(find_schema_fault(value, CITY)) is not jsonschema.Draft202012Validator(CITY).is_valid(value)


def test_without_a_word_on_other_keys_they_are_refused():
    assert find_schema_fault({"b": 1}, {"properties": {"a": {}}}) == "has the key 'b', which the schema does not have"
    assert find_schema_fault({"b": 1}, {"type": "object"}) == ""
    assert find_schema_fault({"b": 1}, {"additionalProperties": False}) != ""


@pytest.mark.parametrize(
    ("schema", "unknown"),
    [
        (CITY, ""),
        ({"oneOf": []}, "oneOf"),
        ({"type": "text"}, "type 'text'"),
        ({"type": ["string", "text"]}, "type ['string', 'text']"),
        ({"properties": {"a": {"$ref": "#"}}}, "a.$ref"),
        ({"items": {"items": {"not": {}}}}, "items.items.not"),
        ({"anyOf": [{}, {"if": {}}]}, "anyOf[1].if"),
        ({"additionalProperties": {"then": 1}}, "additionalProperties.then"),
        ({"properties": []}, "properties"),
        ({"properties": {"a": 1}}, "a. is no object"),
        ({"required": "city"}, "required"),
        ([], "it is no object"),
    ],
)
def test_what_would_not_be_checked_is_named(schema, unknown):
    assert find_unknown(schema) == unknown
