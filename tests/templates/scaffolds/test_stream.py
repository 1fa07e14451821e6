from __future__ import annotations

import gc
import itertools
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.templates.scaffolds import stream
from pytest_compiled_ai.templates.scaffolds.stream import HoleFailure, hole_stream


class Parcel:
    def __init__(self, weight: int) -> None:
        self.weight = weight


def double(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return 2 * number


@given(st.lists(st.integers()))
def test_each_item_has_an_answer_or_a_failure(numbers):
    failures: list[HoleFailure] = []
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(stream, "hole", double)
        assert list(hole_stream(numbers, failures.append)) == [2 * n for n in numbers if n >= 0]
    assert [(f.position, f.item) for f in failures] == [(at, n) for at, n in enumerate(numbers) if n < 0]
    assert all(isinstance(failure.error, ValueError) for failure in failures)


def test_an_item_is_taken_when_its_answer_is_asked_for(monkeypatch):
    monkeypatch.setattr(stream, "hole", double)
    numbers = itertools.count()
    answers = hole_stream(numbers, print)
    assert next(numbers) == 0
    assert [next(answers), next(answers)] == [2, 4]
    assert next(numbers) == 3


def test_what_was_answered_is_not_kept(monkeypatch):
    monkeypatch.setattr(stream, "hole", lambda parcel: parcel.weight)
    alive: list[weakref.ref[Parcel]] = []

    def arriving():
        for weight in range(9):
            parcel = Parcel(weight)
            alive.append(weakref.ref(parcel))
            yield parcel
            del parcel

    for _ in hole_stream(arriving(), print):
        gc.collect()
        assert sum(each() is not None for each in alive) <= 2
    assert len(alive) == 9


def test_a_caller_may_end_the_stream(monkeypatch):
    monkeypatch.setattr(stream, "hole", double)

    def end(failure: HoleFailure) -> None:
        raise failure.error

    answers = hole_stream([1, -1, 2], end)
    assert next(answers) == 2
    with pytest.raises(ValueError, match="-1"):
        next(answers)


def test_before_a_function_is_put_in_nothing_is_answered():
    failures: list[HoleFailure] = []
    assert list(hole_stream([1], failures.append)) == []
    assert isinstance(failures[0].error, NotImplementedError)


def test_what_ends_the_program_is_not_held_back(monkeypatch):
    def interrupt(_: int) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(stream, "hole", interrupt)
    with pytest.raises(KeyboardInterrupt):
        list(hole_stream([1], print))
