from __future__ import annotations

from pytest_compiled_ai.gates.base import Stage, failing, passing
from pytest_compiled_ai.gates.syntax import Elision


def test_a_yes_carries_evidence_and_a_no_its_feedback():
    yes, no = passing(Elision(), tests="3"), failing(Elision(), "bad", score=0.5)
    assert (yes.passed, yes.gate, yes.stage, yes.evidence) == (True, "elision", Stage.SYNTAX, {"tests": "3"})
    assert (no.passed, no.message, no.feedback, no.score) == (False, "bad", "bad", 0.5)
    assert failing(Elision(), "bad", "do better").feedback == "do better"


def test_stages_are_asked_in_order():
    assert [stage.name for stage in sorted(Stage)] == ["OUTPUT", "SECURITY", "SYNTAX", "EXECUTION", "ACCURACY"]


def test_a_candidate_knows_its_tree(cut):
    candidate, _ = cut("return n + 1")
    assert candidate.node.name == "f"
    assert candidate.module.splitlines()[candidate.first_line - 1] == "def f(n: int) -> int:"
    assert candidate.function.splitlines()[candidate.header_lines] == "    return n + 1"


def test_a_candidate_knows_which_lines_the_model_wrote(cut):
    candidate, _ = cut("m = n\n\nreturn m")
    lines = candidate.function.splitlines()
    owned = [number for number in range(len(lines) + 9) if candidate.owns(number)]
    assert [line.strip() for line in lines if line.strip()][-2:] == ["m = n", "return m"]
    assert owned[:3] == [len(lines) - 2, len(lines) - 1, len(lines)]
    assert owned[-1] <= len(lines) + 1
