"""Amortization, determinism, latency and cost: the formulas."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.evaluation.framework.amortization import break_even, draw_curve, saved_times, total_tokens
from pytest_compiled_ai.evaluation.framework.cost import Prices, cost_per_transaction, price_tokens
from pytest_compiled_ai.evaluation.framework.determinism import entropy, judge_outputs, reproducibility
from pytest_compiled_ai.evaluation.framework.latency import percentile, summarize_latency

COUNTS = st.integers(min_value=0, max_value=10**7)
TOKENS = st.integers(min_value=1, max_value=10**5)


def test_the_published_break_even_comes_out():
    # 10,629 tokens a compile against about 570 a call.
    assert break_even(10_629, 570) == 19
    assert saved_times(10_629, 553, 1000) == pytest.approx(52.03, abs=0.01)


@given(COUNTS, TOKENS, st.integers(min_value=0, max_value=10**4))
def test_break_even_is_the_first_call_at_which_nothing_more_was_spent(generation, dearer, own):
    alternative = own + dearer
    calls = break_even(generation, alternative, own)
    assert total_tokens(generation, own, calls) <= total_tokens(0, alternative, calls)
    if calls:
        assert total_tokens(generation, own, calls - 1) > total_tokens(0, alternative, calls - 1)


def test_what_costs_as_much_at_each_call_never_breaks_even():
    assert break_even(100, 5, own=5) is None


def test_a_compile_that_spent_nothing_saves_no_number_of_times():
    assert saved_times(0, 10, 5) is None


def test_a_curve_takes_the_measured_calls_and_goes_on_with_their_mean():
    curve = draw_curve(50, [10, 30], 4)
    assert curve.alternative == (0, 10, 40, 60, 80)
    assert (curve.measured, curve.calls, curve.crossing) == (2, 4, 3)


def test_a_curve_shows_all_that_was_measured_and_may_end_before_the_crossing():
    curve = draw_curve(1000, [1, 2, 3], 1)
    assert (curve.calls, curve.crossing) == (3, None)


def test_equal_outputs_have_no_entropy_and_a_fair_coin_one_bit():
    assert str(entropy(["a"] * 1000)) == "0.0"
    assert entropy(["a", "b"] * 500) == pytest.approx(1)
    assert entropy(list(range(8))) == pytest.approx(3)
    assert reproducibility(["a", "a", "b", "a"]) == 0.75


@given(st.lists(st.integers(0, 5), min_size=1, max_size=50))
def test_entropy_is_zero_exactly_where_all_outputs_are_equal(outputs):
    assert (entropy(outputs) == 0) == (len(set(outputs)) == 1) == (reproducibility(outputs) == 1)
    assert entropy(outputs) <= math.log2(len(outputs)) + 1e-9


def test_the_worst_input_counts():
    found = judge_outputs([["a"] * 4, ["a", "b", "a", "b"]], hash_seeds=2, unanswered=1)
    assert (found.runs, found.inputs, found.hash_seeds, found.unanswered) == (4, 2, 2, 1)
    assert (found.entropy, found.reproducibility) == (1.0, 0.5)


def test_percentiles_are_of_the_nearest_rank():
    hundred = [float(number) for number in range(100, 0, -1)]
    assert [percentile(hundred, share) for share in (0, 0.01, 0.5, 0.99, 1)] == [1, 1, 50, 99, 100]
    assert percentile([7.0], 0.99) == 7


@given(st.lists(st.floats(0, 1e3), min_size=1, max_size=40), st.floats(0.01, 1))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(seconds, share):
    found = percentile(seconds, share)
    assert sum(value <= found for value in seconds) >= share * len(seconds) - 1e-9
    assert sum(value < found for value in seconds) < share * len(seconds)


def test_latency_is_in_milliseconds_and_its_jitter_between_two_percentiles():
    found = summarize_latency([0.001] * 98 + [0.004] * 2, [0.006, 0.005, 0.02], [0.2, 0.3])
    assert (found.calls, found.p50, found.p99, found.jitter) == (100, 1, 4, 3)
    assert (found.process, found.cold_start) == (6, 300)


def test_costs_are_of_a_million_tokens_and_fall_with_the_calls():
    cost = price_tokens(1_000_000, 500_000, Prices(into=0.4, out=1.6))
    assert cost == pytest.approx(1.2)
    assert cost_per_transaction(cost, 100) == pytest.approx(0.012)
    assert cost_per_transaction(cost, 100, run_time=0.1, infrastructure=0.01) == pytest.approx(0.122)
