"""The gate's own word on marks: what passes, and what a model is told of a body that does not."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Stage
from pytest_compiled_ai.gates.golden import Golden, describe_share
from pytest_compiled_ai.golden.grading import Mark
from pytest_compiled_ai.golden.labels import read_labels
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from pytest_compiled_ai import spec

    @spec(golden="data/*.jsonl", metric="fields", threshold=0.5)
    def f(n: int) -> int:
        """Return n.

        >>> f(1000)
        1000
        """
'''
ROWS = "".join(json.dumps({"input": n, "expected": n}) + "\n" for n in range(40))


class Examiner:
    """Gives the marks that it is told to, and remembers what it was asked."""

    def __init__(self, visible=(), held=(), is_sealed=True):
        self.marks, self.is_sealed, self.asked = (tuple(visible), tuple(held)), is_sealed, []

    def examine(self, module, labels):
        self.asked.append((module, labels))
        return self.marks


def wrong(name, score=0.0):
    return Mark(score=score, call=f"f({name})", answer="gave 1", expected="2")


FULL = Mark(score=1.0)


@pytest.fixture
def gated(cut, tmp_path):
    candidate, subject = cut(spec=SPEC.replace('golden="data/*.jsonl", metric="fields", threshold=0.5', ""))
    root = write_project(tmp_path / "example", {"data/a.jsonl": ROWS})
    options = subject.stub.options._replace(golden=("data/a.jsonl",), metric="fields", threshold=0.5)
    subject = replace(subject, stub=subject.stub._replace(options=options))

    def make(visible=(), held=(), threshold=0.5, **given):
        stub = subject.stub._replace(options=subject.stub.options._replace(threshold=threshold))
        examiner = Examiner(visible, held, **given)
        return Golden(root, examiner), candidate, replace(subject, stub=stub), examiner

    return make


def test_enough_of_the_held_out_part_is_a_yes_whatever_the_visible_part_says(gated):
    gate, candidate, subject, examiner = gated(
        [wrong(1), wrong(2)], [FULL, FULL, FULL, wrong("SECRET")], threshold=0.75
    )
    verdict = gate.check(candidate, subject)
    assert (verdict.passed, verdict.gate, verdict.stage) == (True, "golden", Stage.ACCURACY)
    assert verdict.evidence == {
        "visible": "0.0% of 2 (0.0% to 65.8%)",
        "held_out": "75.0% of 4 (30.1% to 95.4%)",
        "metric": "fields",
        "threshold": "0.75",
    }
    assert examiner.asked == [(candidate.module, read_labels(gate._root, subject))]


def test_a_no_tells_the_worst_visible_cases_and_of_the_others_their_share(gated):
    visible = [FULL, wrong("half", 0.5), wrong("a"), wrong("b"), wrong("c"), wrong("d")]
    gate, candidate, subject, _ = gated(visible, [wrong("SECRET"), FULL])
    verdict = gate.check(candidate, replace(subject, stub=subject.stub._replace(options=subject.stub.options._replace(threshold=0.9))))  # fmt: skip
    assert not verdict.passed
    assert verdict.score == 0.25
    assert verdict.message == (
        "scores 50.0% of 2 (9.5% to 90.5%) on held-out examples, 90.0% is wanted; 25.0% of 6 (6.0% to 63.5%) on the others."
    )
    assert verdict.feedback.splitlines()[:5] == [
        "5 of 6 labelled examples are wrong (metric: fields), such as",
        *(f"- f({name}) gave 1, expected 2" for name in "abcd"),
    ]
    assert verdict.faults == tuple(f"f({name}) gave 1, expected 2" for name in "abcd")
    assert "SECRET" not in str(verdict)


def test_a_part_of_a_score_is_told(gated):
    gate, candidate, subject, _ = gated([wrong(1, 0.5)], [wrong("SECRET")])
    assert gate.check(candidate, subject).faults == ("f(1) gave 1, expected 2 (score 0.50)",)


def test_a_body_that_knows_the_visible_part_is_told_to_follow_the_rules(gated):
    gate, candidate, subject, _ = gated([FULL, FULL], [wrong("SECRET"), wrong("SECRET")])
    verdict = gate.check(candidate, subject)
    assert not verdict.passed
    assert verdict.score == 1.0
    assert "All 2 labelled examples that you may see are right." in verdict.feedback
    assert verdict.faults == (
        "Follow the rules of the docstring for any arguments; the tests that you know are not all.",
    )


def test_without_a_threshold_a_single_one_is_too_many(gated):
    gate, candidate, subject, _ = gated([FULL], [FULL] * 99 + [wrong("SECRET")], threshold=None)
    assert not gate.check(candidate, subject).passed


def test_a_sum_of_parts_is_not_refused_for_its_rounding(gated):
    gate, candidate, subject, _ = gated([], [wrong(1, 0.1)] * 10, threshold=0.1)
    assert gate.check(candidate, subject).passed
    assert describe_share([]) == "0.0% of 0 (0.0% to 100.0%)"


def run(status="finished", results=(), reason=""):
    return SimpleNamespace(status=status, results=results, reason=reason)


def test_before_a_model_is_asked_rows_and_metric_are_tried(gated):
    gate, _, subject, examiner = gated()
    gate.prepare(subject, run())
    assert [module for module, _ in examiner.asked] == [None]
    gate.prepare(subject, run(status="collection", reason="ImportError"))
    gate.prepare(replace(subject, stub=subject.stub._replace(options=type(subject.stub.options)())), run())
    assert len(examiner.asked) == 1


def test_a_jailed_body_is_not_asked(gated):
    gate, _, subject, _ = gated(is_sealed=False)
    with pytest.raises(
        SpecError, match=r"specs/it\.py:4: golden examples are for sealed bodies, and that of f runs in the"
    ):
        gate.prepare(subject, run())


@pytest.mark.parametrize(
    "found",
    [
        run(results=[SimpleNamespace(id="specs/it.py::t", detail="FileNotFoundError: [Errno 2] No such file: '/x/data/a.jsonl'")]),
        run(status="collection", reason="FileNotFoundError: [Errno 2] No such file or directory: 'data/a.jsonl'"),
    ],
)  # fmt: skip
def test_a_test_that_reads_labels_is_found_out(gated, found):
    gate, _, subject, _ = gated()
    with pytest.raises(SpecError, match=r"reads data/a.jsonl, which holds labels: they are there for no test"):
        gate.prepare(subject, found)
    fine = SimpleNamespace(id="specs/it.py::t", detail="FileNotFoundError: 'other.jsonl'")
    gate.prepare(subject, run(results=[fine, SimpleNamespace(id="u", detail="a.jsonl")]))
