import pytest

from pytest_compiled_ai.templates.modules.catalogue import Helper, read_catalogue
from pytest_compiled_ai.templates.relevance import choose_helpers

ALL = tuple(read_catalogue().values())


def chosen(*texts, helpers=ALL):
    return [helper.name for helper in choose_helpers(helpers, texts)]


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        ('"base": {"type": "integer"}', "numbers_in", "places_in"),
        ('"birth_date": {"type": "string"}', "date_texts_in", "currencies_in"),
        ("Return the City.", "places_in", "number_lists_in"),
        ('{"enum": ["a", "b"]}', "closest_option", "times_in"),
    ],
)
def test_the_words_of_a_spec_call_for_helpers(text, shown, hidden):
    found = chosen(text)
    assert shown in found
    assert hidden not in found


def test_what_is_not_offered_is_never_shown():
    assert set(chosen("number string date city")) <= {helper.name for helper in ALL if helper.is_offered}


def test_where_no_word_calls_all_are_shown():
    helpers = tuple(helper for helper in ALL if helper.module == "numbers")
    assert chosen("hm", helpers=helpers) == [helper.name for helper in helpers if helper.is_offered]


def test_a_helper_of_no_word_is_always_shown():
    own = Helper(name="mine", module="own", text="def mine(): ...", imports=(), needs=(), is_offered=True)
    assert chosen("a number", helpers=(own, *ALL))[0] == "mine"


def test_each_word_list_is_of_a_helper_that_is_there():
    from pytest_compiled_ai.templates import relevance

    assert set(relevance._CALLS) <= {helper.name for helper in ALL if helper.is_offered}
