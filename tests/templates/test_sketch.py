"""A sketch reads what the examples show, says which keys it does not, and reads texts of another wording where it can."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.templates import ways
from pytest_compiled_ai.templates.sketch import sketch_arguments

STRING, INTEGER, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def sketch(properties, *examples):
    return sketch_arguments({"type": "object", "properties": properties}, "text", "dict[str, Any]", examples)


def run(code, text):
    """What a sketch makes of a text, as the body of a function."""
    lines = "\n".join(f"    {line}" for line in code.splitlines())
    names = {**ways._HELPERS, "Any": Any}
    exec(f"def body(text):\n{lines}", names)
    return names["body"](text)


CASES = [
    (
        {"weight": NUMBER, "speed": NUMBER},
        [("Ship it: a weight of 3.5 at a speed of 10.", {"weight": 3.5, "speed": 10.0}),
         ("Ship it: a weight of 7 at a speed of 2.5.", {"weight": 7.0, "speed": 2.5})],
        ("The speed is 4 and the weight 1.", {"weight": 1.0, "speed": 4.0}),
    ),
    (
        {"people": INTEGER},
        [("A table for 4 people.", {"people": 4}), ("A table for twelve people.", {"people": 12})],
        ("We are 5.", {"people": 5}),
    ),
    (
        {"title": STRING, "artist": STRING},
        [("Play 'Blue Rain' by Ann Lee.", {"title": "Blue Rain", "artist": "Ann Lee"}),
         ("Play 'Old Man' by Bo Diaz.", {"title": "Old Man", "artist": "Bo Diaz"})],
        ("Who knows 'Low', by Bo Diaz?", {"title": "Low", "artist": "Bo Diaz"}),
    ),
    (
        {"start": STRING, "end": STRING},
        [("Drive from Bonn to New York now.", {"start": "Bonn", "end": "New York"}),
         ("Drive from Cork to Rome now.", {"start": "Cork", "end": "Rome"})],
        ("Drive from the old mill to the sea now.", {"start": "the old mill", "end": "the sea"}),
    ),
    (
        {"unit": STRING},
        [("A radius of 4 inches.", {"unit": "inches"}), ("A radius of 7 cm.", {"unit": "cm"})],
        ("A radius of 7 miles.", {"unit": "miles"}),
    ),
    (
        {"mode": {"type": "string", "description": "How, 'fast' or 'slow'; 'fast' if it is not said."}},
        [("Drive fast, please.", {"mode": "fast"}), ("Go slow now.", {"mode": "slow"})],
        ("As slow as may be.", {"mode": "slow"}),
    ),
    (
        {"mood": {"type": "string", "description": "The mood. One of: calm, wild or sad."}},
        [("A calm song.", {"mood": "calm"}), ("Play a wild one.", {"mood": "wild"})],
        ("Something sad", {"mood": "sad"}),
    ),
    (
        {"mood": {"type": "string", "description": "It's one of my moods."}},
        [("A mood: calm.", {"mood": "calm"}), ("The mood is wild.", {"mood": "wild"})],
        ("The mood was sad.", {"mood": "sad"}),
    ),
    (
        {"date": STRING},
        [("Fly on May 4, 2024.", {"date": "2024-05-04"}), ("Fly on 7 March 2025.", {"date": "2025-03-07"})],
        ("On June 1st, 2026?", {"date": "2026-06-01"}),
    ),
    (
        {"rate": NUMBER},
        [("A loan at 5%.", {"rate": 0.05}), ("A loan at 20 %.", {"rate": 0.2})],
        ("At 50%, for 3 years.", {"rate": 0.5}),
    ),
    (
        {"colour": {"type": "string", "enum": ["red", "green"]}},
        [("A red car.", {"colour": "red"}), ("A green car, and no blue one.", {"colour": "green"})],
        ("Is it Green?", {"colour": "green"}),
    ),
    (
        {"values": {"type": "array", "items": NUMBER}},
        [("The mean of 1, 2 and 3.", {"values": [1.0, 2.0, 3.0]}), ("The mean of 4 and 6.", {"values": [4.0, 6.0]})],
        ("The mean of 8, 9.", {"values": [8.0, 9.0]}),
    ),
    (
        {"items": {"type": "array", "items": STRING}},
        [("Buy tea, rice and salt for me.", {"items": ["tea", "rice", "salt"]}),
         ("Buy milk and eggs for me.", {"items": ["milk", "eggs"]})],
        ("Buy bread and jam for me.", {"items": ["bread", "jam"]}),
    ),
    (
        {"sizes": {"type": "array", "items": {"type": "string", "enum": ["small", "large"]}}},
        [("A small and a large one.", {"sizes": ["small", "large"]}), ("A large one.", {"sizes": ["large"]})],
        ("A small one.", {"sizes": ["small"]}),
    ),
    (
        {"grid": {"type": "array", "items": {"type": "array", "items": INTEGER}}},
        [("The sum of [[1, 2], [3, 4]].", {"grid": [[1, 2], [3, 4]]}), ("Of [[5]].", {"grid": [[5]]})],
        ("Add [[7, 8], [9]] up.", {"grid": [[7, 8], [9]]}),
    ),
    (
        {"any": {"type": "array"}},
        [("The sum of [1, 'a'].", {"any": [1, "a"]}), ("Of ['b'].", {"any": ["b"]})],
        ("Add [[7, 8]] up.", {"any": [[7, 8]]}),
    ),
    (
        {"options": {"type": "object"}},
        [("With {'a': 1} please.", {"options": {"a": 1}}), ("With {'b': 2} please.", {"options": {"b": 2}})],
        ("With {'c': 3}.", {"options": {"c": 3}}),
    ),
    (
        {"reverse": {"type": "boolean", "description": "Whether in descending order."}},
        [("Sort it in descending order.", {"reverse": True}), ("Sort it in ascending order.", {"reverse": False})],
        ("I want it descending.", {"reverse": True}),
    ),
    (
        {"loud": {"type": "boolean"}},
        [("Ring loudly.", {"loud": True}), ("Ring.", {})],
        ("Ring again.", {}),
    ),
    ({"n": INTEGER, "more": STRING}, [("n is 1.", {"n": 1}), ("n is 2.", {"n": 2})], ("n is 3.", {"n": 3})),
    ({"mode": STRING}, [("Go.", {"mode": "fast"}), ("Run.", {"mode": "fast"})], ("Walk.", {"mode": "fast"})),
    ({"class": STRING}, [("It is 'a'.", {"class": "a"}), ("It is 'b'.", {"class": "b"})], ("'c'", {"class": "c"})),
    ({"text": {}}, [("It is 'a'.", {"text": "a"}), ("It is 'b'.", {"text": "b"})], ("'c'", {"text": "c"})),
]  # fmt: skip


@pytest.mark.parametrize(("properties", "examples", "other"), CASES)
def test_what_examples_show_is_read_and_another_text_too(properties, examples, other):
    code, unread = sketch(properties, *examples)
    assert unread == ()
    for text, result in (*examples, other):
        assert run(code, text) == result, code


def test_a_key_that_nothing_reads_is_named_and_left_out():
    examples = [("It was cold.", {"n": 1, "mood": "sad"}), ("It is warm: 2.", {"n": 2, "mood": "glad"})]
    code, unread = sketch({"n": INTEGER, "mood": STRING, "fine": {"type": "boolean"}}, *examples[1:], examples[0])
    assert unread == ("n", "mood")
    assert "mood" not in code
    assert run(code, "It is warm: 2.") == {}


def test_lists_of_lists_of_texts_are_left_to_the_model():
    names = {"type": "array", "items": {"type": "array", "items": STRING}}
    assert sketch({"rows": names}, ("[['a']]", {"rows": [["a"]]}), ("[['b']]", {"rows": [["b"]]})).unread == ("rows",)


def test_without_examples_it_goes_by_the_schema_and_vouches_for_nothing():
    properties = {
        "unit price": NUMBER,
        "destination_city": STRING,
        "note": STRING,
        "kind": {"type": "string", "enum": ["a", "b"]},
        "flag": {"type": "boolean"},
    }
    code, unread = sketch(properties)
    assert run(code, "Fly to Bonn, kind b, unit price 3, note: hello.") == {
        "unit price": 3.0,
        "destination_city": "Bonn",
        "note": "hello",
        "kind": "b",
    }
    assert unread == ("flag",)


def test_an_array_without_examples_is_begun_with_its_words():
    code, _ = sketch({"tags": {"type": "array", "items": STRING}, "sizes": {"type": "array", "items": INTEGER}})
    assert run(code, 'tags "a", "b"; sizes 3') == {"tags": ["a", "b"], "sizes": [3]}


@given(st.text(max_size=60))
def test_a_sketch_runs_on_any_text(text):
    for properties, examples, _ in CASES[:6]:
        assert isinstance(run(sketch(properties, *examples).code, text), dict)


def test_a_value_that_stands_in_no_text_has_no_words_around_it():
    examples = [("Tell me.", {"n": 1}), ("Tell me 7.", {"n": 7})]
    assert sketch({"n": INTEGER}, *examples).unread == ("n",)


def test_words_of_single_examples_are_taken_together_where_none_is_common():
    examples = [
        ("Add 3 to 4 pens at 9.", {"pens": 4}),
        ("You have 8 or 7 and less: 2.", {"pens": 7}),
    ]
    code, unread = sketch({"pens": INTEGER}, *examples)
    assert unread == ()
    assert [run(code, text) for text, _ in examples] == [result for _, result in examples]
