from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from pytest_compiled_ai.reports import terminal
from pytest_compiled_ai.reports.model import RunReport, SpecResult
from pytest_compiled_ai.reports.terminal import TerminalWatcher


def result(name: str, outcome: str, **names: object) -> SpecResult:
    return SpecResult(**{"id": f"specs/x.py::{name}", "before": "missing", "outcome": outcome, **names})


@pytest.fixture
def screen():
    return io.StringIO()


@pytest.fixture
def watcher(screen):
    return TerminalWatcher(screen)


def play(watcher, *results, problems=()):
    watcher.run_started("api.example.com", "m[1]", len(results), 2, 200.0)
    watcher.spec_started("specs/x.py::f", 1, len(results))
    watcher.gate_started("baseline")
    watcher.attempt_started(1, 8, "ask")
    watcher.token_came("def")
    watcher.gate_started("mypy")
    watcher.attempt_failed(1, "mypy:\n  list[int] is [bold]wrong[/]")
    for each in results:
        watcher.spec_ended(each)
    watcher.run_ended(RunReport(results=results, problems=problems))


def test_what_was_replayed_and_what_was_paid_are_told(watcher, screen):
    play(watcher, result("f", "compiled", attempts=3, replayed=2, cost=0.25), result("g", "failed", cost=0.125))
    assert "compiled (3 attempts, 2 replayed, 0.0 s)" in screen.getvalue()
    assert "compiled-ai: this run cost 0.3750\n" in screen.getvalue()


def test_plain_lines_are_written_where_no_terminal_is(watcher, screen):
    done = result("f", "compiled", attempts=1, prompt_tokens=30, completion_tokens=12, seconds=2.34, tier="jailed")
    bad = result("g", "failed", attempts=8, message="no body [passed]")
    noted = result("h", "kept", message="edited", notes=("a [note]",))
    play(watcher, done, bad, noted, problems=("specs/y.py:1: [bad]",))
    text = screen.getvalue()
    first = text.splitlines()[0]
    assert first == (
        "compiled-ai: 3 specs to compile, 2 left as they are; prompts go to api.example.com (m[1]); about 3 min"
    )
    assert "[1/3] specs/x.py::f: attempt 1: mypy: list[int] is [bold]wrong[/]" in text
    assert "compiled (1 attempt, 2.3 s)" in text
    assert "this run cost" not in text
    assert "failed (8 attempts, 0.0 s)" in text
    assert "compiled-ai: specs/y.py:1: [bad]" in text
    assert "compiled-ai: specs/x.py::g: no body [passed]" in text
    assert "compiled-ai: note: specs/x.py::h: a [note]" in text
    assert "compiled-ai: specs/x.py::h: edited" in text
    row = next(line.split() for line in text.splitlines() if line.startswith("specs/x.py::f"))
    assert row == ["specs/x.py::f", "compiled", "1", "42", "2.3", "jailed"]
    assert "\x1b" not in text


def test_nothing_to_do_is_one_line(watcher, screen):
    watcher.waiting("another [compile]")
    watcher.run_ended(RunReport(results=(result("f", "fresh"),)))
    assert screen.getvalue() == ("compiled-ai: waiting: another [compile]\ncompiled-ai: 1 specs, nothing to compile\n")


def test_problems_alone_are_not_called_nothing(watcher, screen):
    watcher.run_ended(RunReport(results=(), problems=("specs/y.py:1: bad",)))
    assert screen.getvalue() == "compiled-ai: specs/y.py:1: bad\n"


def test_one_spec_is_singular_and_short_work_is_told_in_seconds(watcher, screen):
    watcher.run_started("this machine", "m", 1, 0, 30.0)
    assert screen.getvalue() == "compiled-ai: 1 spec to compile; prompts go to this machine (m); about 30 s\n"


def test_a_terminal_has_a_live_line(watcher, screen):
    watcher._console = Console(file=screen, force_terminal=True, width=100)
    play(watcher, result("f", "interrupted", message="run again"))
    assert watcher._live is None
    assert "\x1b" in screen.getvalue()
    watcher.attempt_started(2, 8, "repair")
    watcher.token_came("x")
    assert "attempt 2 of 8, writing, 1 tokens" in watcher._lines()
    watcher.gate_started("tests")
    assert "attempt 2 of 8, checking: tests, " in watcher._lines()


def test_where_several_are_left_it_tells_about_how_long_they_take(watcher, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(terminal, "time", SimpleNamespace(monotonic=lambda: now[0]))
    watcher.run_started("this machine", "m", 4, 0, 30.0)
    assert watcher._lines() == ""
    now[0] += 20
    watcher.spec_ended(result("f", "compiled"))
    assert watcher._lines() == "  1 of 4 done, about 60 s to go"
    now[0] += 100
    watcher.spec_ended(result("g", "failed"))
    assert watcher._lines() == "  2 of 4 done, about 2 min to go"
    watcher.spec_ended(result("h", "compiled"))
    assert watcher._lines() == ""


@pytest.mark.parametrize(("color", "none"), [(True, False), (False, True)])
def test_color_is_the_caller_s_choice(screen, color, none):
    assert TerminalWatcher(screen, color=color)._console.no_color is none
