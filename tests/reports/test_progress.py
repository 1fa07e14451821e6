from __future__ import annotations

import io

import pytest
from rich.console import Console

from pytest_compiled_ai.reports.progress import ProgressBar


@pytest.fixture(params=[True, False], ids=["terminal", "pipe"])
def console(request: pytest.FixtureRequest) -> Console:
    return Console(file=io.StringIO(), force_terminal=request.param, width=100)


def drawn(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_draws_each_piece_of_work(console: Console) -> None:
    with ProgressBar(console) as bar:
        bar.stage("waiting [for] others")
        bar.advance(1)
        bar.start(1000, "fetching a model")
        bar.stage("piece 1")
        bar.advance(1000)
        bar.start(10, "checking it")
        bar.advance(10)
    assert "waiting [for] others" in drawn(console)
    assert "checking it" in drawn(console)


def test_shows_bytes_only_on_a_terminal(console: Console) -> None:
    with ProgressBar(console) as bar:
        bar.start(2000, "fetching")
        bar.advance(2000)
    assert ("2.0/2.0 kB" in drawn(console)) is console.is_terminal
    assert "fetching" in drawn(console)
