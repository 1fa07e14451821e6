"""Answers that are alike, and the clusters of those who give them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.evaluation.behaviour import (
    UNASKED,
    cluster,
    error_answer,
    find_difference,
    no_answer,
    value_answer,
)

HANGS, RAISES = no_answer("ran longer than 2 s"), error_answer("builtins.ValueError")
ONE, TWO = value_answer(1), value_answer(2)
NAMES = {"1": ONE, "2": TWO, "r": RAISES, "k": error_answer("builtins.KeyError"), "h": HANGS, "-": UNASKED}


def rows(*texts):
    """Return candidates' answers, a letter each."""
    return [[NAMES[letter] for letter in text] for text in texts]


def groups(*texts):
    return [found.candidates for found in cluster(rows(*texts))]


def test_what_a_call_did_to_its_arguments_counts():
    kept, changed = value_answer(None, [[2, 1]]), value_answer(None, [[1, 2]])
    assert kept.key != changed.key
    assert (kept.text, changed.after) == ("None", ("([1, 2],)", "{}"))
    assert value_answer(1, [], {"a": 1}).key != value_answer(1, [], {"a": 2}).key


def test_a_long_answer_is_cut_and_still_counts_whole():
    one, other = value_answer("x" * 5000), value_answer("x" * 4999 + "y")
    assert one.text == other.text
    assert (len(one.text), one.text[-1], one.key == other.key) == (2001, "…", False)


def test_exceptions_go_by_their_type():
    assert (RAISES.text, error_answer("decimal.InvalidOperation").text) == ("ValueError", "decimal.InvalidOperation")


def test_the_largest_group_is_first_and_of_equal_ones_that_of_the_earliest():
    assert groups("11", "12", "12") == [(1, 2), (0,)]
    assert groups("11", "12", "21", "12", "11") == [(0, 4), (1, 3), (2,)]
    assert groups("1") == [(0,)]
    assert groups("", "") == [(0, 1)]
    assert cluster([]) == ()


def test_what_nobody_gives_a_value_for_tells_nothing():
    assert groups("1r", "1k", "1h") == [(0, 1, 2)]
    assert groups("1r", "1k", "11") == [(0,), (1,), (2,)]
    assert groups("r", "k") == [(0, 1)]


def test_a_body_that_hangs_is_not_like_one_that_answers():
    assert groups("11", "1h", "11") == [(0, 2), (1,)]
    assert groups("11", "h-", "h-") == [(1, 2), (0,)]


def test_who_was_not_asked_is_like_those_with_whom_the_rest_agrees():
    assert groups("1-", "12", "12", "22") == [(0, 1, 2), (3,)]
    found = cluster(rows("1-", "12", "12", "22"))[0]
    assert found.answers == (ONE, TWO)
    assert groups("--", "12") == [(0, 1)]


@settings(max_examples=40)
@given(st.lists(st.text("12rh-", min_size=4, max_size=4), max_size=8))
def test_clusters_share_out_all_candidates_and_any_two_can_be_told_apart(texts):
    found = cluster(rows(*texts))
    assert sorted(number for each in found for number in each.candidates) == list(range(len(texts)))
    assert [len(each.candidates) for each in found] == sorted((len(each.candidates) for each in found), reverse=True)
    inputs = [make_input([number], {}) for number in range(4)]
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            difference = find_difference(inputs, [one, other])
            assert difference is not None
            place = inputs.index(difference.input)
            assert difference.answers == (one.answers[place], other.answers[place])
            assert difference.answers[0].key != difference.answers[1].key


def difference(values, *texts):
    inputs = [make_input([value], {}) for value in values]
    return find_difference(inputs, cluster(rows(*texts)))


def test_the_shortest_input_that_tells_apart_is_shown():
    found = difference(["long", "longer", "b", "a"], "1111", "2222")
    assert (found.input.text, found.answers) == ("'a'", (ONE, TWO))
    assert difference(["long", "a", "b"], "122", "112").input.text == "'a'"


def test_two_values_say_more_than_an_error_and_this_more_than_silence():
    assert difference(["a", "b", "long"], "1h1", "r12").input.text == "'long'"
    assert difference(["a", "long"], "11", "hr").input.text == "'long'"
    assert difference(["a"], "1", "h").answers == (ONE, HANGS)
    # Only a third one gives a value.
    assert difference(["a"], "r", "r", "k", "k", "1").answers == (RAISES, NAMES["k"])


def test_those_who_agree_have_no_difference():
    assert difference(["a"], "1", "1") is None
    assert find_difference([], []) is None
    assert find_difference([make_input([1], {})], [cluster(rows("1"))[0]] * 2) is None
