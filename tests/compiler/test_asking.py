"""In which order gates are heard, and what the slow ones do meanwhile."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.compiler.asking import ask_gates
from pytest_compiled_ai.gates.base import Stage, failing, passing


class Plain:
    """A gate that writes down what is done with it."""

    def __init__(self, log, name, stage, says="yes"):
        self.log, self.name, self.stage, self.says = log, name, stage, says

    def check(self, candidate, subject):
        self.log.append(f"check {self.name} {candidate} {subject}")
        if self.says == "breaks":
            raise KeyboardInterrupt
        return passing(self) if self.says == "yes" else failing(self, "no")


class Slow(Plain):
    def begin(self, candidate, subject):
        self.log.append(f"begin {self.name} {candidate} {subject}")

    def abandon(self):
        self.log.append(f"abandon {self.name}")


def ask(**says):
    log, told = [], []
    gates = [
        Plain(log, "secrets", Stage.SECURITY, says.get("secrets", "yes")),
        Plain(log, "size", Stage.SYNTAX, says.get("size", "yes")),
        Slow(log, "mypy", Stage.SYNTAX, says.get("mypy", "yes")),
        Slow(log, "tests", Stage.EXECUTION, says.get("tests", "yes")),
        Plain(log, "last", Stage.ACCURACY, says.get("last", "yes")),
    ]
    try:
        return ask_gates(gates, "c", "s", told.append), told, log
    except KeyboardInterrupt:
        return (), told, log


NAMES = ["secrets", "size", "mypy", "tests", "last"]
BEGUN = ["begin mypy c s", "begin tests c s"]
ABANDONED = ["abandon mypy", "abandon tests"]


def test_slow_gates_begin_when_the_stage_of_security_is_over_and_are_heard_in_their_order():
    verdicts, told, log = ask()
    checks = [f"check {name} c s" for name in NAMES]
    assert log == [checks[0], *BEGUN, *checks[1:]]
    assert [verdict.gate for verdict in verdicts] == told == NAMES
    assert all(verdict.passed and verdict.seconds >= 0 for verdict in verdicts)


def test_what_security_refuses_is_shown_to_nobody_else():
    verdicts, told, log = ask(secrets="no")
    assert log == ["check secrets c s"]
    assert [verdict.gate for verdict in verdicts] == told == ["secrets"]


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_first_refusal_is_the_verdict_and_what_was_begun_is_abandoned(name):
    verdicts, told, log = ask(**{"last": "no", name: "no"})
    asked = NAMES[: NAMES.index(name) + 1]
    assert [verdict.gate for verdict in verdicts] == told == asked
    assert [verdict.passed for verdict in verdicts] == [True] * (len(asked) - 1) + [False]
    assert log == ["check secrets c s", *BEGUN, *(f"check {each} c s" for each in asked[1:]), *ABANDONED]


def test_a_gate_that_breaks_leaves_nothing_that_was_begun():
    assert ask(size="breaks")[2] == ["check secrets c s", *BEGUN, "check size c s", *ABANDONED]
    assert ask(secrets="breaks")[2] == ["check secrets c s"]


def test_no_gates_give_no_verdict():
    assert ask_gates([], "c", "s", lambda name: None) == ()
