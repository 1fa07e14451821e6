from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest
from function_calling_sets import function, load_function_calling, row
from hypothesis import given, settings
from hypothesis import strategies as st

calling = load_function_calling()
KINDS = ("tests", "scoring")


def make(text, answer, required=(), **properties):
    return calling.calls.read_call(row(0, text, function("f", list(required), **properties), answer))


def change(call, kind, number=0):
    changed = calling.perturb.perturb(call, kind, number)
    assert changed
    assert calling.checker.find_fault(changed, [{"f": calling.tasks.expected(changed)}]) == ""
    return changed


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("a 5 b", 5, "5"),
        ("five of them", 5, "five"),
        ("at 5.0 m", 5, "5.0"),
        ("$1,234.50 in all", 1234.5, "1,234.50"),
        ("60% of it", 0.6, "60"),
        ("60 percent", 60, "60"),
        ("2.5 million", 2500000, "2.5"),
        ("8k", 8000, "8"),
        ("x = -3", -3, "-3"),
        ("2x - 3", -3, "- 3"),
        ("3x", 3, "3"),
        ("[10,200,30]", 200, "200"),
        ("2019-2020", 2020, "2020"),
        ("costs .5", 0.5, ".5"),
    ],
)
def test_where_a_number_stands(text, value, shown):
    call = make(text, {"n": [value]}, n="float")
    ((spot,),) = calling.places.find_places(call).spots.values()
    assert text[spot.start : spot.end] == shown
    assert calling.places.is_derivable(call)


@pytest.mark.parametrize("text", ["C4", "4th", "x^4", "14", "4.5", "1.4", "-4", "1,400", "none"])
def test_where_a_number_does_not_stand(text):
    call = make(text, {"n": [4]}, n="integer")
    assert calling.perturb.perturb(call, "tests", 0) is None
    assert not calling.places.is_derivable(call)


def test_digits_are_preferred_to_words():
    call = make("The first one is 1.", {"n": [1]}, n="integer")
    assert change(call, "tests").text.startswith("The first one is ")


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("in new york!", "New York", "new york"),
        ("by engine size", "engine_size", "engine size"),
        ("of y=x^2 now", "y=x**2", "y=x^2"),
        ("6cm wide", "cm", "cm"),
        ("key of C.", "C", "C"),
        ("call 0123 now", "0123", "0123"),
    ],
)
def test_where_a_text_stands(text, value, shown):
    ((spot,),) = calling.places.find_places(make(text, {"s": [value]}, s="string")).spots.values()
    assert text[spot.start : spot.end] == shown


@pytest.mark.parametrize(
    ("text", "value"), [("care", "car"), ("the c", "C"), ("a01234", "0123"), ("anything", "..."), ("no", "yes")]
)
def test_where_a_text_does_not_stand(text, value):
    assert not calling.places.find_places(make(text, {"s": [value]}, s="string")).spots


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on 5th May 2023", "2023-05-05"),
        ("on May 5, 2023", "05/05/2023"),
        ("on 2023-05-05", "May 5, 2023"),
        ("on 5 of May, 2023", "05.05.2023"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_date_is_replaced_in_the_form_of_both(text, value, kind):
    changed = change(make(text, {"d": [value]}, d="string"), kind)
    ((day, *_),) = [list(calling.dates.find_forms(changed.answer["d"][0]))]
    assert day[1].year in (range(2021, 2030) if kind == "tests" else range(2031, 2050))
    ((_, _, form),) = calling.dates.find_dates(changed.text, day[1])
    assert form


def test_a_date_is_found_whichever_part_comes_first():
    text = "02/03/2023, and not 2023-01-01"
    assert list(calling.dates.find_dates(text, date(2023, 3, 2))) == [(0, 10, "%d/%m/%Y")]
    assert list(calling.dates.find_dates(text, date(2023, 2, 3))) == [(0, 10, "%m/%d/%Y")]


def test_ordinals_are_written_right():
    write = calling.dates.write_date
    days = [write(date(2030, 5, day), "%d %B %Y", "1st June 2022") for day in (1, 2, 3, 4, 11, 12, 13, 21, 22)]
    assert [day.partition(" ")[0] for day in days] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "22nd",
    ]
    assert write(date(2030, 5, 1), "%m/%d/%Y", "") == "05/01/2030"


def test_equal_values_are_replaced_alike_everywhere():
    call = make("From 5 to 5, yes 5.", {"a": [5], "b": [5]}, a="integer", b="float")
    changed = change(call, "scoring")
    assert changed.answer["a"] == changed.answer["b"] != [5]
    assert changed.text.count(str(changed.answer["a"][0])) == 3


def test_the_longest_spelling_counts_and_the_others_are_gone():
    call = make(
        "A flat in Graz, Austria.", {"p": ["Graz", "Graz, Austria", "GR"]}, p={"type": "string", "description": "city"}
    )
    changed = change(call, "tests")
    (place,) = changed.answer["p"]
    assert changed.text == f"A flat in {place}."
    assert ", " in place


def test_what_may_be_left_out_still_may_and_what_stands_nowhere_stays():
    call = make("Use 5 mm.", {"n": [5], "u": ["mm", ""], "k": ["", 7]}, ["n"], n="integer", u="string", k="integer")
    changed = change(call, "tests")
    assert changed.answer["u"][1:] == [""]
    assert changed.answer["k"] == ["", 7]
    assert "k" not in calling.tasks.expected(changed)


def test_a_value_that_cannot_be_left_out_and_stands_nowhere_is_not_derivable():
    assert not calling.places.is_derivable(make("Use 5.", {"n": [5], "yes": [True]}, n="integer", yes="boolean"))
    assert not calling.places.is_derivable(make("Use 5.", {"n": [5, ""], "o": [{"a": [5]}]}, n="integer", o="dict"))
    assert not calling.places.is_derivable(make("Use 5.", {"n": ["5", ""], "x": [9]}, ["n"], n="string"))
    assert calling.places.is_derivable(make("Use 5.", {"n": [5], "yes": ["", True]}, n="integer", yes="boolean"))


def test_a_place_belongs_to_the_longer_value_and_the_other_one_stands_nowhere():
    call = make(
        "See Old Graz.",
        {"a": ["Old Graz"], "b": [["Graz", "See"]]},
        a="string",
        b={"type": "array", "items": {"type": "string"}},
    )
    assert set(calling.places.find_places(call).chosen) == {"a"}


OPTION = {"type": "string", "enum": ["small_one", "LARGE", "any"]}


def test_an_option_is_replaced_by_another_option():
    call = make("A small one.", {"size": ["small_one"]}, size=OPTION)
    assert {tuple(change(call, kind, n).answer["size"]) for kind in KINDS for n in (0, 1)} == {("LARGE",), ("any",)}
    assert {change(call, "tests", n).text for n in (0, 1)} == {"A LARGE.", "A any."}
    back = make("An any.", {"size": ["any"]}, size=OPTION)
    assert change(back, "tests").text == "An small_one."


def test_the_words_that_a_description_quotes_are_options():
    quoted = {"type": "string", "description": "Either 'up' or 'down'."}
    assert change(make("Go up.", {"way": ["up"]}, way=quoted), "scoring").text == "Go down."
    loose = {"type": "string", "description": "For example 'left'."}
    assert change(make("Go up.", {"way": ["up"]}, way=loose), "scoring").text not in ("Go left.", "Go up.")


def test_a_flag_turns_with_its_word():
    order = {"type": "boolean", "description": "Whether the order is descending."}
    call = make("Sort in descending order.", {"reverse": [True]}, reverse=order)
    turned = change(call, "tests")
    assert (turned.text, turned.answer) == ("Sort in ascending order.", {"reverse": [False]})
    assert change(call, "tests", 1).text == call.text
    assert {change(call, "scoring", n).text for n in (0, 1)} == {"Sort in ascending order."}
    other = make("Sort in ascending order.", {"reverse": [False]}, reverse=order)
    assert change(other, "scoring").answer == {"reverse": [True]}


def test_codes_keep_their_form_for_tests_and_grow_for_scoring():
    call = make("Find AB-123 and WXYZW.", {"id": ["AB-123"], "k": ["WXYZW"]}, id="string", k="string")
    ours, theirs = change(call, "tests").answer, change(call, "scoring").answer
    assert [len(each[0]) for each in ours.values()] == [6, 5]
    assert [len(each[0]) for each in theirs.values()] == [7, 6]
    bits = change(make("Add 0110 to it.", {"b": ["0110"]}, b="string"), "tests").answer["b"][0]
    assert set(bits) <= set("01")


def test_formulas_and_texts_with_numbers():
    assert "^" in change(make("Derive 3x^2 + 1 now.", {"f": ["3x**2 + 1"]}, f="string"), "tests").answer["f"][0]
    changed = change(make("From the 19th century.", {"t": ["19th century"]}, t="string"), "scoring")
    assert changed.answer["t"][0].endswith("th century")
    assert "19th" not in changed.text


@pytest.mark.parametrize(
    ("text", "about", "kind", "sizes"),
    [
        ("by jane doe", "author", "tests", {1, 2}),
        ("by Jane Doe", "author", "scoring", {3, 4}),
        ("in Graz", "city", "tests", {1, 2}),
        ("in Graz", "city", "scoring", {3, 4}),
        ("the Mill", "title", "scoring", {3, 4}),
    ],
)
def test_names_have_other_numbers_of_words(text, about, kind, sizes):
    call = make(text, {"s": [text.partition(" ")[2]]}, s={"type": "string", "description": about})
    assert {len(change(call, kind, n).answer["s"][0].split()) for n in range(4)} == sizes


def test_lists_for_tests_and_for_scoring_have_nothing_in_common():
    for about in ("city", "author", "title"):
        for spelling in ("Graz", "graz", "Graz, Styria"):
            ours, theirs = (
                {name for names in calling.lists.choose_list(about, spelling, kind).values() for name in names}
                for kind in KINDS
            )
            assert ours.isdisjoint(theirs)


def test_numbers_for_scoring_have_other_digits_decimals_and_signs():
    call = make("From -20 to 75 m.", {"a": [-20], "b": [75]}, a="float", b="float")
    found = [change(call, "scoring", n).answer for n in range(6)]
    assert all(len(str(abs(int(each["b"][0])))) != 2 or each["b"][0] < 0 for each in found)
    assert {each["a"][0] < 0 for each in found} == {True, False}
    assert any(each["b"][0] != int(each["b"][0]) for each in found)
    ours = [change(call, "tests", n).answer for n in range(4)]
    assert all(each["a"][0] < 0 < each["b"][0] < 100 for each in ours)


def test_years_stay_years():
    call = make("In 1984.", {"y": [1984]}, y="integer")
    assert all(1950 <= change(call, "tests", n).answer["y"][0] <= 2029 for n in range(4))
    assert {change(call, "scoring", n).answer["y"][0] < 1900 for n in range(2)} == {True, False}


def test_number_words_become_others_or_digits():
    call = make("For two nights.", {"n": [2]}, n="integer")
    assert change(call, "tests").text.split()[1].isalpha()
    assert change(call, "tests", 1).text.split()[1].isdigit()
    assert change(call, "scoring").answer["n"][0] >= 12


def test_an_integer_stays_one():
    call = make("It is 8.5 million.", {"n": [8500000]}, n="integer")
    assert all(isinstance(change(call, kind, n).answer["n"][0], int) for kind in KINDS for n in range(6))


def test_a_text_that_is_a_number_stays_a_text():
    changed = change(make("At -3.25 east.", {"x": ["-3.25"]}, x="string"), "scoring")
    assert changed.text == f"At {changed.answer['x'][0]} east."


def test_a_percentage_may_be_divided_or_multiplied():
    accepted = calling.plain_values.Number(Decimal("0.07"), is_text=False, is_whole=False).place(Decimal("0.07"))
    assert {7 / 100, 7 * 0.01} <= set(accepted)
    call = make("At 7% a year.", {"r": [0.07]}, r="float")
    assert all(len(change(call, "tests", n).answer["r"]) == 1 for n in range(6))


def test_numbers_keep_their_order_where_the_schema_speaks_of_it():
    call = make(
        "Of 18 and 24.", {"a": [24], "b": [18]}, a={"type": "integer", "description": "The larger number."}, b="integer"
    )
    assert all(
        found["a"][0] > found["b"][0] for kind in KINDS for n in range(6) if (found := change(call, kind, n).answer)
    )


STRINGS = {"type": "array", "items": {"type": "string"}}
FLOATS = {"type": "array", "items": {"type": "float"}}


def lengths(text, values, schema=STRINGS):
    call = make(text, {"l": values}, l=schema)
    changed = change(call, "scoring", 1)
    assert len(change(call, "scoring").answer["l"][0]) == len(change(call, "tests", 1).answer["l"][0]) == len(values[0])
    return changed


def test_lists_of_texts_get_longer_or_shorter_in_scoring():
    two = lengths("With milk and 'no' sugar.", [["milk", "sugar"]])
    assert len(two.answer["l"][0]) == 2, "they do not follow each other"
    assert len(lengths("Take milk and sugar.", [["milk", "sugar"]]).answer["l"][0]) == 3
    three = lengths("Take milk, tea, and sugar.", [["milk", "tea", "sugar"]])
    assert len(three.answer["l"][0]) == 2
    assert three.text == f"Take {three.answer['l'][0][0]}, and {three.answer['l'][0][1]}."
    quoted = lengths("Chords ['Am', 'Gm'].", [["Am", "Gm"], ["Gm", "Am"]])
    assert quoted.text == f"Chords {quoted.answer['l'][0]!r}."
    assert quoted.answer["l"][0] == quoted.answer["l"][1][::-1]


def test_lists_keep_their_length_where_it_would_not_be_clear():
    assert len(lengths("Take tea and tea.", [["tea", "tea"]]).answer["l"][0]) == 2
    assert len(lengths("Take sugar and tea, tea!", [["sugar", "tea"]]).answer["l"][0]) == 2
    assert len(lengths("Take tea and sugar.", [["sugar", "tea"]]).answer["l"][0]) == 2
    options = {"type": "array", "items": {"type": "string", "enum": ["tea", "milk", "jam"]}}
    assert len(lengths("Take tea and milk.", [["tea", "milk"]], options).answer["l"][0]) == 2
    assert len(lengths("From 1 to 2.", [[1.0, 2.0]], FLOATS).answer["l"][0]) == 2
    nested = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}
    assert len(lengths("[[1, 2], [3, 4]]", [[[1, 2], [3, 4]]], nested).answer["l"][0]) == 2
    assert len(lengths("Values 7, 8, 9 and 3.", [[7.0, 8.0, 9.0, 3.0]], FLOATS).answer["l"][0]) == 3


def test_a_call_is_changed_the_same_way_every_time():
    call = make("Ann has 5 of 30%.", {"a": ["Ann"], "b": [5], "c": [0.3]}, a="string", b="integer", c="float")
    assert change(call, "tests", 2) == change(call, "tests", 2)
    assert change(call, "tests", 2).text != change(call, "tests", 1).text


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=40),
    st.integers(-(10**9), 10**9),
    st.text(min_size=1, max_size=12),
    st.sampled_from(KINDS),
    st.integers(0, 7),
)
def test_any_text_and_value_is_changed_or_left(around, number, word, kind, turn):
    call = make(f"{around} {word} is {number} {around}", {"n": [number, ""], "s": [word, ""]}, n="integer", s="string")
    changed = calling.perturb.perturb(call, kind, turn)
    assert changed is None or calling.checker.find_fault(changed, [{"f": {}}]) == ""


@given(
    st.decimals(min_value=-(10**6), max_value=10**6, places=2), st.booleans(), st.sampled_from(KINDS), st.integers(0, 9)
)
def test_a_number_drawn_is_another_one_and_is_written_so_that_it_is_read_again(value, whole, kind, turn):
    (form, *_) = [each for each in calling.numerals.find_numerals(f"it is {value:f} now") if each.value == value] or [
        None
    ]
    if form is None:
        return
    drawn = calling.numbers_drawn.draw_number(
        form, is_whole=whole, kind=kind, number=turn, chance=random.Random(turn), is_signed=True
    )
    assert not whole or drawn == int(drawn)
    assert drawn in [each.value for each in calling.numerals.find_numerals(f"it is {form.write(drawn)} now")]
