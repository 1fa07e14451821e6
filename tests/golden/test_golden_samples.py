from __future__ import annotations

from datetime import date

import pytest

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.golden.grading import Sample
from pytest_compiled_ai.golden.rows import Row
from pytest_compiled_ai.golden.samples import make_samples


def row(arguments, keywords=None, expected=None):
    return Row("d.jsonl", 7, tuple(arguments), keywords or {}, expected, "")


def late(day: date, *days: date, hours: int = 0, **more: date) -> date | None: ...
def bare(x, y=1): ...
def broken(x: Nowhere) -> int: ...  # noqa: F821


DAY = date(2024, 1, 2)


def test_every_parameter_gets_its_type():
    (sample,) = make_samples([row(["2024-01-02", "2024-01-02"], {"hours": 2, "a": "2024-01-02"}, "2024-01-02")], late)
    assert sample == Sample(arguments=(DAY, DAY), keywords={"hours": 2, "a": DAY}, expected=DAY)


def test_what_has_no_annotation_stays_as_it_is():
    assert make_samples([row([[1]], expected={"a": 1})], bare) == (
        Sample(arguments=([1],), keywords={}, expected={"a": 1}),
    )


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (row(["x"]), "d.jsonl:7: day is no date."), (row(["2024-01-02", "x"]), "d.jsonl:7: an item of days is no date."),
        (row(["2024-01-02"], {"a": 1}), "d.jsonl:7: an item of more is no text."),
        (row(["2024-01-02"], expected=3), "d.jsonl:7: its label fits no member of its union."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_with_its_place(bad, said):
    with pytest.raises(SpecError) as caught:
        make_samples([bad], late)
    assert str(caught.value) == said


def test_annotations_that_mean_nothing():
    with pytest.raises(SpecError, match="the annotations of broken cannot be evaluated: NameError: name 'Nowhere'"):
        make_samples([], broken)
