from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.golden.metrics import METRICS, apply, find_metric


@dataclass
class Money:
    amount: int
    currency: str = "EUR"


class Point(NamedTuple):
    x: float
    y: float


class Model:
    model_fields = ()

    def __init__(self, **fields):
        vars(self).update(fields)


NAN = float("nan")


@pytest.mark.parametrize(
    ("metric", "answer", "expected", "score"),
    [
        ("exact", "a", "a", 1), ("exact", "a", "A", 0), ("exact", True, 1, 0), ("exact", 1, 1.0, 1), ("exact", None, None, 1),
        ("fields", {"a": 1, "b": 2}, {"a": 1, "b": 3}, 0.5), ("fields", {"a": 1, "z": 1}, {"a": 1}, 0.5), ("fields", {}, {}, 1),
        ("fields", Money(1), Money(1, "USD"), 0.5), ("fields", Point(1, 2), Point(1, 3), 0.5), ("fields", 3, 3, 1), ("fields", None, {"a": 1}, 0),
        ("fields", Model(a=1, b=2), Model(a=1, b=3), 0.5),
        ("close", 1.0000001, 1, 1), ("close", 1.1, 1, 0), ("close", Decimal("1.00000001"), 1, 1), ("close", 1e-9, 0, 1), ("close", True, 1, 0),
        ("close", [1.0, 2.0000001], [1, 2], 1), ("close", [1.0], [1, 2], 0), ("close", {"a": 1.0000001}, {"a": 1}, 1), ("close", {"b": 1}, {"a": 1}, 0),
        ("close", Point(1, 2), Point(1.0000001, 2), 1), ("close", "a", "a", 1), ("close", 10**400, 1, 0), ("close", 10**400, 10**400, 1),  ("f1", [10**400], [1], 0),
        ("f1", ["a", "b"], ["b", "c"], 0.5), ("f1", {"a"}, {"a"}, 1), ("f1", [], [], 1), ("f1", [], ["a"], 0), ("f1", ["a", "a"], ["a"], 2 / 3),
        ("f1", [[1], {"a": 1}], [{"a": 1}, [1]], 1), ("f1", [1], [1.0], 1), ("f1", "ab", "ba", 0), ("f1", [True], [1], 0),
        ("text", " Hello  World\n", "hello world", 1), ("text", "STRASSE", "straße", 1), ("text", "ab", "a b", 0), ("text", None, None, 1), ("text", None, "x", 0),
    ],
)  # fmt: skip
def test_scores(metric, answer, expected, score):
    assert find_metric(metric)(answer, expected) == pytest.approx(score)


def test_what_cannot_be_compared_is_worth_nothing():
    assert apply(METRICS["exact"], Decimal("sNaN"), Decimal(1)) == 0.0
    assert apply(METRICS["close"], Decimal("sNaN"), 1.5) == 0.0
    assert apply(METRICS["exact"], Decimal(1), Decimal(1)) == 1.0


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s), max_leaves=6)  # fmt: skip


@given(st.sampled_from(sorted(METRICS)), VALUES, VALUES)
def test_a_score_is_a_share_and_a_label_is_its_own_best_answer(name, answer, expected):
    metric = METRICS[name]
    assert 0 <= metric(answer, expected) <= 1
    assert metric(answer, expected) == pytest.approx(metric(expected, answer))
    assert metric(expected, expected) == 1


@pytest.fixture
def module(tmp_path, monkeypatch):
    text = (
        "import math\nhalf = lambda answer, expected: 0.5\nwhole = lambda answer, expected: answer == expected\n"
        "odd = lambda answer, expected: 2\nnan = lambda a, b: math.nan\ntext = lambda a, b: 'x'\nLIMIT = 3\n\n"
        "def fails(answer, expected):\n    raise ValueError(expected)\n"
    )
    (tmp_path / "scores_of_a_project.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return "scores_of_a_project"


def test_a_project_s_own_metric(module):
    assert find_metric(f"{module}:half")(1, 2) == 0.5
    assert find_metric(f"{module}:whole")(1, 1) == 1.0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing", "there is no metric 'nothing'; known are exact, fields, close, f1, text, or a function"),
        (":half", "cannot be imported: ValueError"), ("no_such_module_here:f", "ModuleNotFoundError"), (":LIMIT", "ValueError"),
    ],
)  # fmt: skip
def test_a_metric_that_is_not_there(name, said):
    with pytest.raises(SpecError, match=said):
        find_metric(name)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("odd", "gave no number from 0 to 1"), ("nan", "gave no number"), ("text", "gave no number"), ("fails", "raised ValueError about an answer."),
        ("LIMIT", "is no function"), ("absent", "cannot be imported: AttributeError"),
    ],
)  # fmt: skip
def test_a_metric_that_does_not_work_is_the_project_s_fault(module, function, said):
    with pytest.raises(SpecError, match=said) as caught:
        find_metric(f"{module}:{function}")("ANSWER", "LABEL")
    assert "LABEL" not in str(caught.value)
