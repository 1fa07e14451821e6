"""`compiled-ai report --evaluate`."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from pytest_compiled_ai.cli import main
from pytest_compiled_ai.commands.base import OK, USAGE
from pytest_compiled_ai.commands.evaluate import find_prices
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.evaluation.framework.cost import Prices
from pytest_compiled_ai.reports.figures.run_progress import RunProgress
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.testing import write_project


def evaluate(capsys, *flags):
    status = main(["report", "--evaluate", *flags])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def _sealed():
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")


@pytest.mark.usefixtures("project", "_sealed")
def test_figures_are_printed_and_nothing_is_written(capsys):
    before = sorted(Path().rglob("*"))
    status, said, told = evaluate(capsys, "--runs", "3")
    assert status == OK
    assert "first candidates that passed: accuracy" in said
    assert "in 3 fresh sealed processes, forked from 3 interpreters" in " ".join(said.split())
    assert "not measured: give --runtime-tokens" in said
    assert "specs/numbers.py::negate was not run: it has no body" in said
    assert told == "compiled-ai: measuring specs/numbers.py in 3 processes\n"
    assert sorted(Path().rglob("*")) == before


@pytest.mark.usefixtures("project", "_sealed")
def test_a_folder_gets_markdown_json_and_the_curve(capsys, tmp_path):
    calls, rates = tmp_path / "calls.jsonl", tmp_path / "rates.json"
    calls.write_text('{"prompt_tokens": 3, "completion_tokens": 1}\n', encoding="utf-8")
    rates.write_text('{"injection": {"right": 29, "of": 30}}', encoding="utf-8")
    flags = ["--runs", "2", "--runtime-tokens", str(calls), "--prices", "1,2", "--security", str(rates)]
    status, said, _ = evaluate(capsys, *flags, "--evaluate-to", "out/new")
    assert status == OK
    assert "* the model at each call" in said
    found = json.loads(Path("out/new/evaluation.json").read_text(encoding="utf-8"))
    assert found["break_even"] == -(-found["generation"]["tokens"] // 4)
    assert found["generation"]["cost"] > 0
    assert found["security"][0]["name"] == "injection"
    assert Path("out/new/evaluation.md").read_text(encoding="utf-8").startswith("# Evaluation of project\n")
    assert Path("out/new/amortization.svg").read_text(encoding="utf-8").startswith("<svg ")


@pytest.mark.usefixtures("project", "_sealed")
def test_without_a_run_time_there_is_no_picture(capsys):
    assert evaluate(capsys, "--runs", "1", "--evaluate-to", "out")[0] == OK
    assert sorted(path.name for path in Path("out").iterdir()) == ["evaluation.json", "evaluation.md"]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--runtime-tokens", "0"], "must be more than 0"),
        (["--security", "pyproject.toml"], "JSONDecodeError"),
        (["--security", "none"], "FileNotFoundError"),
        (["--security", "empty.json"], "it has no rate"),
        (["--evaluate-to", "pyproject.toml/x"], "cannot be written"),
    ],
)
def test_a_wrong_file_is_a_usage_error_in_one_line(capsys, flags, words):
    Path("empty.json").write_text("{}", encoding="utf-8")
    status, said, told = evaluate(capsys, *flags)
    assert (status, said) == (USAGE, "")
    assert words in told
    assert told.count("\n") == 1


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("flags", [["--runs", "0"], ["--runs", "x"], ["--prices", "1"], ["--prices", "1,-2"]])
def test_a_wrong_number_is_a_usage_error(capsys, flags):
    with pytest.raises(SystemExit) as caught:
        evaluate(capsys, *flags)
    assert caught.value.code == 2
    assert "must be" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("flag", ["--runs", "--runtime-tokens", "--evaluate-to"])
def test_a_flag_of_the_evaluation_needs_it(capsys, flag):
    assert main(["report", flag, "3"]) == USAGE
    assert f"{flag} belongs to --evaluate" in capsys.readouterr().err


def test_prices_are_those_of_the_first_provider(tmp_path):
    table = '[tool.compiled-ai]\nprovider = ["openai", "embedded"]\nmodel = "m"\nprice = [0.5, 2]\n'
    root = write_project(tmp_path / "priced", {"pyproject.toml": table})
    assert find_prices(load_config(root)) == Prices(into=0.5, out=2.0)
    assert find_prices(load_config(root, provider="embedded")) is None
    assert find_prices(load_config(root, provider="openai", price=())) is None


def test_a_terminal_gets_a_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", said := io.StringIO())
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with RunProgress(console, 4) as progress:
        progress.started("specs/[red].py::f", 4)
        for _ in range(4):
            progress.advanced()
    assert "specs/[red].py" in console.file.getvalue()
    assert "4/4" in console.file.getvalue()
    assert said.getvalue() == ""
