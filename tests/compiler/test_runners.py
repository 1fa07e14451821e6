from types import SimpleNamespace

import pytest

from pytest_compiled_ai.compiler.runners import Runners


class Runner:
    """Writes down what it is asked, as (its number, what)."""

    def __init__(self, log, number):
        self.log, self.number, self.is_sealed = log, number, number == 0

    def __getattr__(self, name):
        return lambda *args, **named: self.log.append((self.number, name, args, named)) or name


@pytest.fixture
def made():
    log = []
    count = iter(range(99))
    return SimpleNamespace(log=log, runners=Runners(lambda: Runner(log, next(count)), warm=2))


def test_each_spec_has_a_runner_of_its_own(made):
    for spec in ("a", "b"):
        made.runners.turn_to(spec)
        assert made.runners.begin("subject", "raising") == "begin"
    made.runners.turn_to("a")
    assert made.runners.is_sealed
    assert made.runners.run("text", "subject", stop_after=2, cover=True) == "run"
    made.runners.start("text", "subject", stop_after=3)
    made.runners.abandon()
    assert made.runners.answer("text", ["input"], hash_seed=1) == "answer"
    assert made.runners.examine("text", "labels") == "examine"
    assert {number for number, *_ in made.log[2:]} == {0}
    assert made.log[2] == (0, "run", ("text", "subject"), {"stop_after": 2, "cover": True})
    assert made.log[3] == (0, "start", ("text", "subject"), {"stop_after": 3})


def test_one_that_had_to_go_begins_anew_and_the_longest_unused_goes(made):
    for spec in ("a", "b"):
        made.runners.turn_to(spec)
        made.runners.begin(f"subject {spec}", "raising")
    made.runners.turn_to("a")
    made.runners.run("text", "subject")
    made.runners.turn_to("c")
    made.runners.begin("subject c", "raising")
    assert (1, "end", (), {}) in made.log
    made.log.clear()
    made.runners.turn_to("b")
    made.runners.run("text", "subject")
    assert [(number, name) for number, name, *_ in made.log] == [(0, "end"), (3, "begin"), (3, "run")]
    assert made.log[1][2] == ("subject b", "raising")


def test_one_that_is_ended_is_forgotten(made):
    made.runners.turn_to("a")
    made.runners.begin("subject", "raising")
    made.runners.end()
    made.runners.end()
    made.runners.turn_to("b")
    made.runners.begin("subject", "raising")
    made.runners.end_all()
    assert [(number, name) for number, name, *_ in made.log if name == "end"] == [(0, "end"), (1, "end")]
