"""The workshops of a validating process: warm for one project after another, and ended with it."""

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_compiled_ai.config import Config
from pytest_compiled_ai.validation import order
from pytest_compiled_ai.validation.order import Order, Shops


@pytest.fixture
def made(monkeypatch):
    """What was opened and what was closed, as a project's name and the number of its bench."""
    told = SimpleNamespace(opened=[], closed=[])

    @contextmanager
    def open_workshop(config, bench):
        told.opened.append((config.root.name, bench))
        yield SimpleNamespace(runner=SimpleNamespace(turn_to=lambda spec: None), answer=lambda *given: given)
        told.closed.append((config.root.name, bench))

    monkeypatch.setattr(order, "open_workshop", open_workshop)
    return told


def ask(root, bench=0):
    return Order(config=Config(root=Path(root)), bench=bench, spec="s", act="answer", given=("x",))


def test_one_is_opened_for_each_project_and_bench_and_stays_warm(made):
    shops = Shops()
    assert [shops.perform(ask("a")), shops.perform(ask("a"))] == [("x",), ("x",)]
    shops.perform(ask("a", 1))
    shops.perform(ask("b"))
    assert made.opened == [("a", 0), ("a", 1), ("b", 0)]
    assert made.closed == []


def test_those_of_a_project_that_is_over_are_ended_and_others_are_not(made):
    shops = Shops()
    for root, bench in (("a", 0), ("b", 0), ("a", 1)):
        shops.perform(ask(root, bench))
    shops.leave(Path("a"))
    assert made.closed == [("a", 0), ("a", 1)]
    shops.close()
    shops.close()
    assert made.closed == [("a", 0), ("a", 1), ("b", 0)]
