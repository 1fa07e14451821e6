"""The figures in the terminal, as Markdown, as JSON."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from figure_samples import DOUBLE, EMPTY, FULL, GIVEN, PLAIN
from rich.console import Console

from pytest_compiled_ai.evaluation.framework.amortization import draw_curve
from pytest_compiled_ai.reports.figures.document import render_document
from pytest_compiled_ai.reports.figures.plot import draw_plot
from pytest_compiled_ai.reports.figures.tables import make_tables
from pytest_compiled_ai.reports.figures.text import render_text, show_evaluation


def shown(evaluation, width=80):
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    show_evaluation(evaluation, console)
    return console.file.getvalue()


def rows_of(evaluation, title):
    return next({row[0]: row[1:] for row in table.rows} for table in make_tables(evaluation) if table.title == title)


def test_the_whole_project():
    found = rows_of(FULL, "The whole project")
    assert found["tokens of all compiles, in + out"] == ("900 + 100",)
    assert found["tokens of a call at run time"] == ("100.0 (the mean of 2 calls)",)
    assert found["break-even n*, in calls"] == ("10",)
    assert found["the measured calls cross at call"] == ("10",)
    assert found["cost of all compiles"] == ("0.0005",)
    assert found["specs without a record of tokens"] == ("1",)
    assert found["passed at the first attempt"] == ("0 of 1 = 0.0%",)
    assert found["first candidates that passed: output"] == ("1 of 1 = 100.0%",)
    assert found["first candidates that passed: security"] == ("0 of 0",)
    assert found["regenerations: bodies"] == ("1: 1",)
    assert found["bodies whose answers were all the same"] == ("0 of 1",)
    assert found["bodies that were not run"] == ("1",)


def test_what_nobody_measured_is_not_made_up():
    found = rows_of(PLAIN, "The whole project")
    assert found["tokens of a call at run time"] == ("not measured: give --runtime-tokens",)
    assert "break-even n*, in calls" not in found
    assert "After n calls" not in [table.title for table in make_tables(PLAIN)]


def test_a_number_of_tokens_is_told_from_measured_calls():
    found = rows_of(GIVEN, "The whole project")
    assert found["tokens of a call at run time"] == ("100.0 (as given)",)
    assert "the measured calls cross at call" not in found


def test_after_n_calls():
    assert rows_of(FULL, "After n calls")["1,000"] == ("1,000", "100,000", "100.00", "5.2e-07")
    assert rows_of(GIVEN, "After n calls")["1"] == ("1,000", "100", "0.10", "-")
    assert rows_of(EMPTY, "After n calls")["1"] == ("0", "-", "-", "0")
    assert rows_of(replace(EMPTY, run_time=FULL.run_time), "After n calls")["1"] == ("0", "100", "-", "0")


def test_each_body():
    made = rows_of(FULL, "How each body was made, and what it is")
    assert made["double"] == ("1,000", "10", "2", "2", "1", "100.0%", "0")
    assert made["of_<all>"] == ("-",) * 7
    assert rows_of(PLAIN, "How each body was made, and what it is")["double"][1] == "-"
    runs = rows_of(FULL, "How each body runs")
    assert runs["double"] == ("5", "0.011", "99.99%", "0.12", "0.90", "0.78", "6.0", "240")
    assert runs["of_<all>"] == ("-",) * 8


def test_what_was_not_run_and_what_was_not_answered_is_said():
    notes = next(table.notes for table in make_tables(FULL) if table.notes)
    assert notes == (
        "Each body ran.",
        "specs/numbers.py::double: 3 answers were none",
        "specs/odd|name.py::of_<all> was not run: it has no body",
    )


@pytest.mark.parametrize("evaluation", [PLAIN, FULL, GIVEN, EMPTY])
def test_the_terminal_needs_eighty_columns_and_no_colour(evaluation):
    said = shown(evaluation)
    assert max(map(len, said.splitlines())) <= 80
    assert "\x1b" not in said
    assert ("* the model at each call" in said) == (evaluation.run_time is not None)


def test_markup_in_a_name_is_text():
    assert "of_<all>" in shown(FULL)
    said = render_text(FULL)
    assert r"of\_\<all\>" in said
    assert r"specs/odd\|name.py::of\_\<all\> was not run" in said


def test_markdown_has_every_table_and_the_picture():
    said = render_text(FULL)
    assert said.startswith("# Evaluation of example\n\n## The whole project\n\n| metric | value |\n| --- | ---: |\n")
    assert "| injection | 29 of 30 | 96.7% |\n" in said
    assert said.endswith("![Tokens after n calls](amortization.svg)\n")
    assert "amortization.svg" not in render_text(PLAIN)
    assert render_text(EMPTY).count("\n## ") == 4


def test_json_has_every_figure():
    found = json.loads(render_document(FULL))
    assert (found["version"], found["break_even"], found["generation"]["tokens"]) == (1, 10, 1000)
    assert found["run_time"] == {
        "tokens": 100.0, "prompt_tokens": 80.0, "completion_tokens": 20.0, "measured_calls": 2, "crossing": 10,
        "cost": pytest.approx(64e-6),
    }  # fmt: skip
    assert found["horizons"][3]["times"] == 100.0
    assert found["horizons"][3]["cost_per_transaction"] == pytest.approx(5.2e-7)
    assert found["first_pass"]["stages"]["output"] == {"passed": 1, "reached": 1}
    assert found["first_pass"]["regenerations"] == {"1": 1}
    double, other = found["specs"]
    assert (double["tokens"], double["break_even"], double["latency"]["p99"]) == (1000, 10, 0.9)
    assert (other["tokens"], other["break_even"], other["problem"]) == (None, None, "it has no body")
    assert found["security"] == [{"name": "injection", "right": 29, "of": 30, "share": 29 / 30}]


def test_json_says_null_where_nothing_was_measured():
    found = json.loads(render_document(PLAIN))
    assert (found["run_time"], found["break_even"], found["generation"]["cost"]) == (None, None, None)
    assert {row["run_time_tokens"] for row in found["horizons"]} == {None}
    assert {row["times"] for row in found["horizons"]} == {None}
    assert found["specs"][0]["break_even"] is None
    assert json.loads(render_document(GIVEN))["run_time"]["measured_calls"] == 0
    never = replace(GIVEN, specs=(replace(DOUBLE, prompt_tokens=10**8),))
    assert json.loads(render_document(never))["run_time"]["crossing"] is None


def test_a_compile_for_nothing_has_no_curve_problem():
    found = json.loads(render_document(replace(EMPTY, run_time=GIVEN.run_time)))
    assert (found["break_even"], found["run_time"]["crossing"]) == (0, 1)


def test_the_plot_crosses_in_the_middle():
    lines = draw_plot(draw_curve(1000, [100.0], 20)).splitlines()
    assert lines[0] == "tokens"
    assert lines[1].startswith("2,000 |")
    assert lines[1].endswith("*")
    assert lines[12].startswith("    0 |**")
    assert sum("#" in line for line in lines[:13]) == 1
    assert lines[14].endswith("20 calls")
    assert all(line.isascii() and len(line) <= 80 for line in lines)


def test_a_plot_of_nothing_spent_is_drawn():
    assert "#" in draw_plot(draw_curve(0, [0.0], 5))
