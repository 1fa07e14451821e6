"""Each free property on single calls."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.evaluation.behaviour import UNASKED, error_answer, no_answer, value_answer
from pytest_compiled_ai.templates.objects import OpenClasses
from pytest_compiled_ai.templates.properties import PROPERTIES, Case

SPEC = '''
from typing import Any
from app.types import Receipt
from pytest_compiled_ai import spec

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}

@spec
def f(text: str) -> dict[str, Any]:
    """Do.

    >>> f("")
    {}
    """
'''
TEXT = make_input(["total 12"], {})
LIST = make_input([[2, 1]], {"b": {}})


@pytest.fixture
def judge(form_of):
    form = form_of(SPEC)

    def find(name, answer, again=None, given=TEXT, **more):
        case = Case(form=form, input=given, answer=answer, again=again or answer, **more)
        assert case.is_answered or name == ""
        return PROPERTIES[name].find_fault(case) if name else case.is_answered

    return find


def test_total(judge):
    assert judge("total", value_answer({})) == ""
    assert judge("total", error_answer("builtins.IndexError")) == "raised IndexError"
    assert judge("total", no_answer("ran longer than 2 s")) == "gave no answer: it ran longer than 2 s"
    declared = {"declared": frozenset({"ValueError", "BadText"})}
    assert judge("total", error_answer("builtins.UnicodeDecodeError"), **declared) == ""
    assert judge("total", error_answer("app.types.WorseText"), **declared) == ""
    said = "raised KeyError, where only BadText or ValueError may come"
    assert judge("total", error_answer("builtins.KeyError"), **declared) == said


def test_unmodified(judge):
    assert judge("unmodified", value_answer(1, [[2, 1]], {"b": {}}), given=LIST) == ""
    assert (
        judge("unmodified", value_answer(1, [[1, 2]], {"b": {}}), given=LIST) == "changed its arguments, to ([1, 2],)"
    )
    assert judge("unmodified", value_answer(1, [[2, 1]], {"b": {"x": 1}}), given=LIST).startswith("changed its")
    assert judge("unmodified", error_answer("builtins.KeyError"), given=LIST) == ""
    long = make_input(["x" * 5000], {})
    assert judge("unmodified", value_answer(1, ["x" * 5000]), given=long) == ""


def test_valid(judge):
    assert judge("valid", value_answer({"a": 1})) == ""
    assert judge("valid", error_answer("builtins.KeyError")) == ""
    assert judge("valid", value_answer([])) == "gave []: the value is list, not dict"
    assert judge("valid", value_answer({"a": "1"})) == "gave {'a': '1'}: the value['a'] is '1', not of the type integer"
    assert judge("valid", value_answer({"b": "1"})).endswith(
        "the value has the key 'b', which the schema does not have"
    )
    assert judge("valid", value_answer({1: "x" * 900})).startswith("gave {1: 'xxx")
    assert len(judge("valid", value_answer({1: "x" * 900}))) < 300


def test_grounded(judge):
    item = OpenClasses().make("app.Receipt", "record", ["total", 12])
    other = OpenClasses().make("app.Receipt", "record", ["total", 13])
    assert judge("grounded", value_answer(item)) == ""
    said = "gave Receipt(total=13): .total is 13, which does not stand in the document"
    assert judge("grounded", value_answer(other)) == said
    assert judge("grounded", value_answer(other), known="13 by default") == ""
    assert judge("grounded", error_answer("builtins.KeyError")) == ""


def test_deterministic(judge):
    one, other = value_answer([1, 2]), value_answer([2, 1])
    assert judge("deterministic", one, one) == ""
    assert judge("deterministic", one, other) == "gave [1, 2] in one process and [2, 1] in another"
    assert judge("deterministic", one, error_answer("builtins.KeyError")).endswith("and KeyError in another")
    assert judge("deterministic", one, UNASKED) == ""
    assert judge("deterministic", one, no_answer("ran longer than 2 s")) == ""


def test_what_was_not_asked_is_no_case(judge):
    assert judge("", value_answer(1)) is True
    assert judge("", value_answer("could not be asked")) is True
    assert judge("", no_answer("ran longer than 2 s")) is True
    assert judge("", no_answer("ran longer than 2 s"), UNASKED) is True
    assert judge("", no_answer("ran longer than 2 s"), value_answer(1)) is False
    for answer in (UNASKED, no_answer("could not be asked: x"), no_answer("is of an unknown type: ['record']")):
        assert judge("", answer) is False
