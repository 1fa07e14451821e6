"""Run-time tokens, security rates, and the figures that follow from others."""

from __future__ import annotations

import pytest

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.evaluation.framework.cost import Prices
from pytest_compiled_ai.evaluation.framework.first_pass import FirstPass
from pytest_compiled_ai.evaluation.framework.model import Evaluation, SpecFigures
from pytest_compiled_ai.evaluation.framework.run_time import RunTime, read_run_time
from pytest_compiled_ai.evaluation.framework.security import Rate, read_rates

NONE = FirstPass(bodies=0, first=0)


def make(*specs, **rest):
    return Evaluation(project="it", specs=specs, first_pass=NONE, **rest)


def spec(name, into=100, out=20):
    return SpecFigures(id=f"specs/{name}", prompt_tokens=into, completion_tokens=out)


def test_a_number_is_the_tokens_of_a_call():
    found = read_run_time("12.5")
    assert (found.tokens, found.spent, found.is_measured, found.prompt_tokens) == (12.5, (12.5,), False, None)


@pytest.mark.parametrize("said", ["0", "-1", "inf", "nan"])
def test_a_call_costs_more_than_nothing(said):
    with pytest.raises(ConfigError, match="more than 0"):
        read_run_time(said)


def test_a_file_holds_the_usage_of_calls(tmp_path):
    path = tmp_path / "calls.jsonl"
    path.write_text(
        '{"prompt_tokens": 10, "completion_tokens": 2, "id": "x"}\n\n{"prompt_tokens": 20, "completion_tokens": 0}\n',
        encoding="utf-8",
    )
    found = read_run_time(str(path))
    assert (found.spent, found.tokens, found.is_measured) == ((12.0, 20.0), 16.0, True)
    assert (found.prompt_tokens, found.completion_tokens) == (15.0, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "{}",
        '"text"',
        '{"prompt_tokens": 1}',
        '{"prompt_tokens": -1, "completion_tokens": 3}',
        '{"prompt_tokens": true, "completion_tokens": 3}',
        '{"prompt_tokens": 0, "completion_tokens": 0}',
    ],
)
def test_any_other_file_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "calls.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="--runtime-tokens") as caught:
        read_run_time(str(path))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="FileNotFoundError"):
        read_run_time(str(tmp_path / "none"))


def test_rates_are_found_at_any_depth_by_their_keys():
    document = {"screens": {"injection": {"right": 29, "of": 30, "wrong": []}, "n": 3}, "code": {"right": 0, "of": 4}}
    found = list(read_rates(document))
    assert found == [Rate(name="screens, injection", right=29, of=30), Rate(name="code", right=0, of=4)]
    assert found[0].share == 29 / 30
    assert list(read_rates({"right": 1, "of": 2})) == [Rate(name="all", right=1, of=2)]


@pytest.mark.parametrize(
    "document", [{"right": 3, "of": 2}, {"right": 0, "of": 0}, {"right": True, "of": 2}, {"right": 1}, [1], "x", None]
)
def test_what_is_no_rate_is_none(document):
    assert list(read_rates(document)) == []


def test_a_project_spends_what_its_specs_spend():
    found = make(spec("a.py::f"), spec("a.py::g", 40, 40), SpecFigures(id="specs/a.py::h"))
    assert (found.prompt_tokens, found.completion_tokens, found.generation, found.unrecorded) == (140, 60, 200, 1)
    assert (found.break_even, found.curve, found.generation_cost, found.cost_at(10)) == (None, None, None, None)


def test_break_even_cost_and_curve_follow_from_prices_and_calls():
    run_time = RunTime(spent=(40.0, 60.0), prompt_tokens=40.0, completion_tokens=10.0, is_measured=True)
    found = make(spec("a.py::f", 150, 50), run_time=run_time, prices=Prices(into=1.0, out=2.0))
    assert found.break_even == 4
    assert (found.curve.calls, found.curve.crossing) == (10, 4)
    assert found.generation_cost == pytest.approx(250e-6)
    assert found.cost_at(100) == pytest.approx(2.5e-6)
    assert found.run_time_cost == pytest.approx(60e-6)


def test_a_number_of_tokens_has_no_cost_of_its_own():
    prices = Prices(into=1.0, out=2.0)
    assert make(run_time=RunTime(spent=(5.0,)), prices=prices).run_time_cost is None
    assert make(prices=prices).run_time_cost is None
    assert make(run_time=RunTime(spent=(5.0,))).run_time_cost is None


def test_no_curve_is_longer_than_a_picture_can_show():
    found = make(spec("a.py::f", 10**7, 0), run_time=RunTime(spent=(1.0,)))
    assert (found.break_even, found.curve.calls, found.curve.crossing) == (10**7, 100_000, None)


def test_a_label_is_as_short_as_may_be():
    specs = (spec("a.py::f"), spec("b.py::f"), spec("b.py::g"))
    found = make(*specs)
    assert [found.label(each) for each in specs] == ["specs/a.py::f", "specs/b.py::f", "g"]
