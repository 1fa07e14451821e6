from __future__ import annotations

from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.evaluation.behaviour import UNASKED, error_answer, no_answer, value_answer
from pytest_compiled_ai.evaluation.contrast import list_changes

ONE, TWO, ERROR = value_answer(1), value_answer(2), error_answer("builtins.ValueError")


def changes(*rows):
    inputs = [make_input([value], {}) for value, _, _ in rows]
    return list_changes("f", inputs, [before for _, before, _ in rows], [after for *_, after in rows])


def test_the_shortest_calls_that_differ_are_listed():
    assert changes((100, ONE, TWO), (3, ONE, TWO), (4, ONE, ONE)) == ("f(3): 1 -> 2", "f(100): 1 -> 2")
    assert len(changes(*((n, ONE, TWO) for n in range(9)))) == 5
    assert changes() == ()


def test_an_error_is_an_answer_and_silence_is_none():
    assert changes((3, ONE, ERROR)) == ("f(3): 1 -> raises ValueError",)
    assert changes((3, ERROR, error_answer("app.Odd"))) == ("f(3): raises ValueError -> raises app.Odd",)
    assert changes((3, ERROR, ERROR), (4, no_answer("ran longer"), ONE), (5, ONE, UNASKED)) == ()


def test_what_becomes_of_the_arguments_counts():
    kept, cleared = value_answer(1, [[2]]), value_answer(1, [[]])
    assert changes(([2], kept, cleared)) == ("f([2]): 1, and leaves its arguments as ([2],) -> ([],)",)
    kept, cleared = (value_answer(1, (), {"a": value}) for value in ([2], []))
    assert changes(([2], kept, cleared)) == ("f([2]): 1, and leaves its arguments as {'a': [2]} -> {'a': []}",)


def test_what_is_long_is_cut():
    (said,) = changes(("x" * 300, value_answer("a" * 300), value_answer("b" * 300)))
    assert len(said) < 260
    assert said.count("...") == 3
