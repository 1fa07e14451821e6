from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal, NotRequired, Protocol, Required, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.templates.scaffolds import handler
from pytest_compiled_ai.templates.scaffolds.handler import HoleResponse, hole_handler


class Colour(Enum):
    RED = "red"


class Row(TypedDict):
    name: str
    size: NotRequired[int]


class Partial(TypedDict, total=False):
    name: Required[str]
    size: int


class Named(Protocol):
    name: str


@dataclass
class Order:
    count: int


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def put_in(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], *declared: type[Exception]) -> None:
    monkeypatch.setattr(handler, "hole", function)
    monkeypatch.setattr(handler, "DECLARED", declared)


def halve(number: int, *, whole: bool = False) -> float:
    if number == 13:
        raise ValueError("it is unlucky")
    return number // 2 if whole else number / 2


@pytest.mark.parametrize(
    ("event", "response"),
    [
        ({"number": 3}, HoleResponse(200, 1.5)),
        ({"number": 3, "whole": True}, HoleResponse(200, 1)),
        ({"number": 13}, HoleResponse(422, error="ValueError: it is unlucky")),
        ({}, HoleResponse(400, error="'number' is missing")),
        ({"number": "3"}, HoleResponse(400, error="'number' has the wrong type")),
        ({"number": True}, HoleResponse(400, error="'number' has the wrong type")),
        ({"number": 3, "place": 1}, HoleResponse(400, error="'place' is no argument")),
        ({3: 3}, HoleResponse(400, error="3 is no argument")),
        ([3], HoleResponse(400, error="an event is an object that holds the arguments by name")),
    ],
)
def test_an_event_is_answered(monkeypatch, event, response):
    put_in(monkeypatch, halve, ValueError)
    assert hole_handler(event) == response


def test_another_exception_is_told_by_name_alone(monkeypatch):
    put_in(monkeypatch, halve, KeyError)
    assert hole_handler({"number": 13}) == HoleResponse(500, error="ValueError")


def test_a_declared_exception_without_a_text_is_an_answer(monkeypatch):
    def fail() -> int:
        raise Unprintable

    put_in(monkeypatch, fail, Unprintable)
    response = hole_handler({})
    assert response.status == 422
    assert "Unprintable" in response.error


def test_what_ends_the_program_is_not_held_back(monkeypatch):
    def end() -> int:
        raise KeyboardInterrupt

    put_in(monkeypatch, end)
    with pytest.raises(KeyboardInterrupt):
        hole_handler({})


FITTING = [
    (int, [0, -1], [True, 1.0, "1"]),
    (float, [0, 1.5], [True, 1j]),
    (complex, [1, 1.5, 1j], ["1"]),
    (bool, [True], [1]),
    (None, [None], [0]),
    (type(None), [None], [0]),
    (Any, [NotImplemented], []),
    (object, [3], []),
    (Named, [3], []),
    (Order, [Order(1)], [{"count": 1}]),
    (Colour, [Colour.RED], ["red"]),
    (int | None, [1, None], ["1"]),
    (Literal["a", 1], ["a", 1], ["b", True, 1.0]),
    (Annotated[int, "metres"], [1], ["1"]),
    (list[int], [[], [1]], [["1"], (1,), None]),
    (list, [[1, "a"]], [()]),
    (Sequence[str], [["a"], ("a",), "ab"], [[1], 3]),
    (set[int], [{1}], [{"a"}, [1]]),
    (tuple[int, str], [(1, "a")], [(1,), (1, 2), ("a", 1), (1, "a", 1)]),
    (tuple[int, ...], [(), (1, 2)], [("a",), [1]]),
    (tuple[()], [()], [(1,)]),
    (dict[str, list[int]], [{}, {"a": [1]}], [{"a": [""]}, {1: []}, []]),
    (Iterator[int], [iter(["a"])], [[1]]),
    (Row, [{"name": "a"}, {"name": "a", "size": 1}], [{}, {"name": 1}, {"name": "a", "other": 1}, {"size": 1}, "name"]),
    (Partial, [{"name": "a"}, {"name": "a", "size": 1}], [{}, {"size": 1}, {"name": "a", "size": "1"}]),
    (list[Row], [[{"name": "a"}]], [[{}]]),
]


@pytest.mark.parametrize(("hint", "good", "bad"), FITTING, ids=lambda value: str(value)[:30])
def test_a_value_fits_its_type(hint, good, bad):
    assert [value for value in good if not handler._hole_fits(value, hint)] == []
    assert [value for value in bad if handler._hole_fits(value, hint)] == []


def test_an_iterator_is_not_used_up():
    numbers = iter([1, 2])
    assert handler._hole_fits(numbers, Iterator[int])
    assert list(numbers) == [1, 2]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.builds(object)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner), max_leaves=8
)
NAMES = st.sampled_from(["text", "rows", "row", "how"]) | st.text(max_size=3) | st.integers()
ERRORS = st.sampled_from([ValueError("no"), RuntimeError(), Unprintable(), RecursionError(), MemoryError(), Exception])


@given(st.dictionaries(NAMES, VALUES, max_size=5) | VALUES, st.none() | ERRORS)
def test_it_never_raises(event, error):
    def act(text: str, rows: list[dict[str, int]], row: Row, how: Literal["up"] | None = None) -> str:
        if error is not None:
            raise error
        return text.upper() + "".join(str(sum(each.values())) for each in rows) + row["name"]

    with pytest.MonkeyPatch.context() as monkeypatch:
        put_in(monkeypatch, act, ValueError, Unprintable)
        response = hole_handler(event)
    assert response.status in {200, 400, 422, 500}
    assert (response.status == 200) == (response.error == "")


def test_hints_that_cannot_be_read_are_no_crash(monkeypatch):
    def odd(number: Nowhere) -> int:  # noqa: F821
        return number

    put_in(monkeypatch, odd)
    assert hole_handler({"number": 1}) == HoleResponse(500, error="NameError")
