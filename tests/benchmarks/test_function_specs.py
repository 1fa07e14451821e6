from __future__ import annotations

import ast

import pytest
from function_calling_sets import FERRY, function, load_function_calling, row, write_calls

calling = load_function_calling()


def make(text, answer, required=(), **properties):
    return calling.calls.read_call(row(0, text, function("f", list(required), **properties), answer))


def tasks_of(tmp_path, name):
    return calling.tasks.read_tasks(write_calls(tmp_path), name)


def test_each_call_whose_values_stand_in_its_text_is_a_task(tmp_path):
    first, second = tasks_of(tmp_path, "simple_python")
    assert (first.name, len(first.rows), len(first.scored), first.is_group) == ("made_0", 4, 6, False)
    assert len({call.text for call in first.rows}) == 4
    assert {call.text for call in first.rows}.isdisjoint(call.text for call in first.scored)
    assert second.name == "made_2"


def test_calls_of_a_function_are_a_group_and_half_of_it_is_scored(tmp_path):
    (group,) = tasks_of(tmp_path, "exec_simple")
    assert (group.name, group.is_group) == ("exec_simple_0_ferry_book", True)
    assert [call.id for call in group.own] == ["made_0"]
    assert [call.id for call in group.scored] == ["made_1", "made_2"]
    own, reduced, framed, *_ = [call.text for call in group.rows]
    assert own == "It is my first time here. Book the ferry for 12 people."
    assert reduced.startswith("Book the ferry for ")
    assert framed.startswith("Good morning. It is my first time here.")
    assert framed.endswith("Thank you in advance.")


def test_a_large_group_has_few_calls_in_its_tests_and_first_those_that_are_derivable():
    answers = [({"seats": [n], "note": ["x"]} if n % 3 else {"seats": [n]}) for n in range(11, 31)]
    calls = [calling.calls.read_call(row(n, f"Take {a['seats'][0]} seats.", FERRY, a)) for n, a in enumerate(answers)]
    (group,) = calling.tasks._groups("made", calls)
    assert (len(group.own), len(group.scored)) == (10, 10)
    own = [call for call in group.rows if call in group.own]
    assert len(own) <= 4
    assert all(map(calling.places.is_derivable, own))
    assert len(group.rows) == 5


def test_a_request_is_not_reduced_to_less_than_all_its_values():
    call = make("Two nights. In Graz! Bye.", {"n": [2], "s": ["Graz"]}, n="integer", s="string")
    assert calling.phrasing.reduce(call).text == "Two nights. In Graz!"
    split = make("By St. Anton now.", {"s": ["St. Anton"]}, s="string")
    assert calling.phrasing.reduce(split) is split


def test_what_a_test_expects():
    call = make(
        "a NEW flat for 5, at 1 to 2",
        {
            "kind": ["new"],
            "n": [5],
            "to": [[1.0, 2.0]],
            "x": ["", 3],
            "deep": [{"k": [["a"], ""], "l": [{"m": [1]}]}],
            "y": [7],
        },
        kind="string",
        n="float",
        to={"type": "array", "items": {"type": "float"}},
        x="integer",
        deep="dict",
        y="integer",
    )
    assert calling.tasks.expected(call) == {
        "kind": "NEW", "n": 5.0, "to": [1.0, 2.0], "deep": {"l": {"m": 1}}, "y": 7
    }  # fmt: skip
    assert calling.tasks.expected(make("x", {"l": [[{"a": [1]}]]}, l="array")) == {"l": [{"a": 1}]}
    assert calling.tasks.expected(make("x", {"a": [""]}, ["a"], a="string")) == {"a": ""}


SCHEMAS = {
    "degrees": {"type": "float", "description": 'How hot; "very".  '},
    "mode": {"type": "string", "enum": ["Fan", "grill"]},
    "side": {"type": "string", "enum": ["Top", "Bottom"]},
    "times": {"type": "array", "items": {"type": "float"}, "description": "word " * 100},
    "extra": {"type": "dict", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
    "any": {"type": "any"},
    "odd": {"type": "integer"},
}
ANSWER = {
    "degrees": [180], "mode": ["Fan"], "side": ["Top"], "times": [[1.0, 2.5]], "extra": [{"a": ["x"]}], "odd": ["many"],
}  # fmt: skip


@pytest.fixture
def problem():
    call = make("180 degrees, Fan, top, 1.0 and 2.5, many.", ANSWER, list(ANSWER), **SCHEMAS)
    task = calling.tasks.Task(name="oven", rows=(call,), scored=(), own=(call,))
    return calling.specs.write_problem(task)


def test_a_spec_is_a_stub_with_a_schema_and_tests(problem):
    tree = ast.parse(problem.spec)
    stub = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert stub.name == problem.entry == "read_arguments"
    text = ast.get_docstring(stub)
    assert "Read the arguments of `f`, described in `SCHEMA`" in text
    assert "worded as in the tests" in text
    assert "ValueError" in text
    names: dict[str, object] = {}
    exec(problem.spec.partition("@spec")[0], names)
    properties = names["SCHEMA"]["properties"]
    assert properties["degrees"] == {"type": "number", "description": 'How hot; "very".'}
    assert properties["mode"] == {"type": "string", "enum": ["Fan", "grill"]}
    assert properties["side"] == {"type": "string", "description": "One of: Top, Bottom."}, "the request says top"
    assert properties["times"]["items"] == {"type": "number"}
    assert len(properties["times"]["description"]) < 250
    assert properties["extra"] == {"type": "object", "description": "Keys: a, b.", "additionalProperties": True}
    assert properties["any"] == properties["odd"] == {}
    assert "required" not in names["SCHEMA"]


def test_a_test_tells_types_apart_that_are_equal(problem):
    right = {"degrees": 180.0, "mode": "Fan", "side": "top", "times": [1.0, 2.5], "extra": {"a": "x"}, "odd": "many"}

    def run(answer):
        names = {"read_arguments": lambda text: answer}
        exec(problem.spec[problem.spec.index("def test_1") :], names)
        names["test_1"]()

    run(right)
    for wrong in ({"mode": "fan"}, {"times": [1, 2.5]}):
        with pytest.raises(AssertionError):
            run(right | wrong)


def test_an_integer_has_to_be_one(tmp_path):
    (group,) = tasks_of(tmp_path, "exec_simple")
    spec = calling.specs.write_problem(group).spec
    assert spec.count('assert type(found["seats"]) is int') == 1
    assert "worded in many ways" in spec
    assert "Names may" not in calling.specs.describe(tasks_of(tmp_path, "exec_simple")[0]).replace(
        "Names may have", "", 1
    )
