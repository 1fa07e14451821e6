"""Marks for what workers answer, with workers that only play their part."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count

import pytest

from pytest_compiled_ai.errors import SandboxError, SpecError
from pytest_compiled_ai.golden import grading
from pytest_compiled_ai.golden.grading import Asked, Mark, Sample, describe_call, grade, spell
from pytest_compiled_ai.golden.metrics import find_metric
from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.worker.deaths import WorkerDied
from pytest_compiled_ai.sandbox.worker.worker import ResultRefused


class Steps:
    def __init__(self, items):
        self._items = iter(items)

    def next(self):
        return next(self._items)


class Client:
    """Forks workers that answer by a function, and counts them."""

    def __init__(self, answer):
        self.answer, self.forks = answer, 0

    @contextmanager
    def fork(self, program):
        assert program == "program"
        self.forks += 1
        yield self

    def call(self, name, args, kwargs):
        assert name == "f"
        return self.answer(*args, **kwargs)

    def open(self, name, args, kwargs):
        return Steps(self.answer(*args, **kwargs))

    def take_transcript(self):
        return ""


def samples(*pairs):
    return [Sample(arguments=(given,), keywords={}, expected=expected) for given, expected in pairs]


def graded(answer, *pairs, steps=False, metric="exact", seconds=60.0):
    client = Client(answer)
    asked = Asked(name="f", steps=steps, metric=find_metric(metric))
    return grade(client, "program", asked, samples(*pairs), seconds), client


def raising(error):
    def answer(n):
        if n == 1:
            raise error
        return n

    return answer


def test_a_full_mark_says_nothing_and_another_says_all():
    marks, client = graded(lambda n: n, (1, 1), (2, 3))
    assert marks == (Mark(score=1.0), Mark(score=0.0, call="f(2)", answer="gave 2", expected="3"))
    assert client.forks == 1


def test_a_mark_may_be_between():
    (mark,), _ = graded(lambda n: {"a": 1, "b": 0}, (1, {"a": 1, "b": 1}), metric="fields")
    assert (mark.score, mark.answer) == (0.5, "gave {'a': 1, 'b': 0}")


@pytest.mark.parametrize(
    ("error", "said", "forks"),
    [
        (ValueError("no 1"), "raised ValueError: no 1", 1), (ResultRefused("is no data"), "gave what is no data", 1),
        (CodecError("too large"), "could not be asked: the value too large", 1), (WorkerDied("ran longer than 2 s"), "ran longer than 2 s", 2),
    ],
)  # fmt: skip
def test_what_gives_no_answer_costs_its_own_mark_alone(error, said, forks):
    marks, client = graded(raising(error), (0, 0), (1, 1), (2, 2))
    assert [mark.score for mark in marks] == [1, 0, 1]
    assert marks[1] == Mark(score=0.0, call="f(1)", answer=said, expected="1")
    assert client.forks == forks


def test_a_zygote_that_is_gone_is_no_mark():
    with pytest.raises(SandboxError, match="gone"):
        graded(raising(SandboxError("gone")), (1, 1))


def test_a_metric_that_fails_is_no_mark(monkeypatch):
    def fails(answer, expected):
        raise SpecError("the metric")

    asked = Asked(name="f", steps=False, metric=fails)
    with pytest.raises(SpecError, match="the metric"):
        grade(Client(lambda n: n), "program", asked, samples((1, 1)), 60.0)


def test_what_dies_too_often_is_given_up():
    def dies(n):
        raise WorkerDied("died")

    marks, client = graded(dies, *((n, n) for n in range(30)))
    assert client.forks == 20
    assert [mark.answer for mark in marks] == ["died"] * 20 + ["gave nothing: the time was over"] * 10


@pytest.mark.parametrize(("ticks", "asked"), [([0, 0, 0, 0, 100], 2), ([0, 100], 0)])
def test_what_is_not_asked_in_time_is_worth_nothing(monkeypatch, ticks, asked):
    clock = iter(ticks)
    monkeypatch.setattr(grading.time, "monotonic", lambda: next(clock, 100))
    marks, _ = graded(lambda n: n, (0, 0), (1, 1), (2, 2), seconds=50.0)
    assert [mark.score for mark in marks] == [1.0] * asked + [0.0] * (3 - asked)


def test_of_an_iterator_the_items_are_the_answer():
    marks, _ = graded(range, (3, [0, 1, 2]), (2, [0]), (2, [0, 1, 2]), steps=True)
    assert [mark.score for mark in marks] == [1, 0, 0]
    assert [mark.answer for mark in marks[1:]] == ["gave [0, 1]", "gave [0, 1]"]


def test_an_endless_iterator_is_only_followed_as_far_as_it_tells():
    marks, _ = graded(count, (0, [0, 1]), (0, 5), steps=True)
    assert [mark.answer for mark in marks] == ["gave [0, 1, 2]", "gave [0]"]


class Broken:
    def __repr__(self):
        raise AttributeError


class Plain: ...


def test_values_are_spelled_in_bounds_and_the_same_each_time():
    assert spell(Broken()) == "Broken"
    assert "0x" not in spell(Plain())
    assert len(spell("x" * 1000)) == 160
    call = describe_call("f", Sample(arguments=(1, "a"), keywords={"b": None}, expected=0))
    assert call == "f(1, 'a', b=None)"
