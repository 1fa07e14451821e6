"""A pytest plugin that writes down what became of each test, wherever the terminal's text goes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

WORDS = ("passed", "skipped", "failed")
_outcomes: dict[str, list[str | int]] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    word, times, text = _outcomes.setdefault(report.nodeid, ["passed", 0, ""])
    _outcomes[report.nodeid] = [
        max(str(word), report.outcome, key=WORDS.index),
        int(times) + (report.when == "setup"),
        f"{text}{report.longreprtext}",
    ]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        Path(os.environ["OUTCOMES"]).write_text(json.dumps(_outcomes), encoding="utf-8")
