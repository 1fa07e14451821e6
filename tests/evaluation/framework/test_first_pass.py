from __future__ import annotations

import pytest

from pytest_compiled_ai.evaluation.framework.first_pass import Making, count_first_passes, read_making


def test_a_record_tells_how_a_body_was_made():
    refused = [{"gate": "mypy", "stage": "syntax"}, {"gate": "tests", "stage": "execution"}]
    assert read_making({"attempt": 3, "refused": refused}) == Making(attempt=3, refused=("syntax", "execution"))
    assert read_making({"attempt": 1, "refused": []}) == Making(attempt=1, refused=())


def test_an_older_record_tells_the_attempt_alone():
    assert read_making({"attempt": 1}) == Making(attempt=1, refused=None)


@pytest.mark.parametrize("record", [{}, {"attempt": 0}, {"attempt": "1"}, {"attempt": None, "refused": []}])
def test_a_record_of_no_attempt_tells_nothing(record):
    assert read_making(record) is None


def test_damaged_refusals_are_passed_over():
    assert read_making({"attempt": 2, "refused": ["x", {"gate": "y"}]}) == Making(attempt=2, refused=("",))


def test_a_stage_is_only_asked_of_first_candidates_that_reach_it():
    makings = [
        Making(attempt=1, refused=()),
        Making(attempt=2, refused=("execution",)),
        Making(attempt=4, refused=("syntax", "execution", "accuracy")),
        Making(attempt=2, refused=("output",)),
        Making(attempt=1, refused=None),
    ]
    found = count_first_passes(makings)
    assert (found.bodies, found.first, found.rate) == (5, 2, 0.4)
    assert found.stages == {
        "output": (3, 4), "security": (3, 3), "syntax": (2, 3), "execution": (1, 2), "accuracy": (1, 1)
    }  # fmt: skip
    assert found.regenerations == {0: 2, 1: 2, 3: 1}


def test_a_stage_that_nobody_knows_counts_as_passed_by_all():
    assert count_first_passes([Making(attempt=2, refused=("own",))]).stages["accuracy"] == (1, 1)


def test_without_records_there_is_no_rate():
    assert count_first_passes([]).rate is None
    assert count_first_passes([Making(attempt=2, refused=None)]).stages == {}
