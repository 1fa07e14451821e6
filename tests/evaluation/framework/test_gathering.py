"""What runs of a project's bodies show, in real sealed processes."""

from __future__ import annotations

import json

import pytest

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.evaluation.arguments import make_input
from pytest_compiled_ai.evaluation.framework import gathering, measuring
from pytest_compiled_ai.evaluation.framework.gathering import choose_inputs, gather
from pytest_compiled_ai.evaluation.framework.measuring import Runs
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.specs.order import compile_order
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from collections.abc import Callable, Iterator
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice n.

        >>> double(2)
        4
        """

    @spec
    def listed(text: str) -> list[str]:
        """Return the different letters.

        >>> sorted(listed("abcdefgh"))[0]
        'a'
        """

    @spec
    def count(n: int) -> Iterator[int]:
        """Count from n.

        >>> next(count(1))
        1
        """

    @spec
    def dies(n: int) -> int:
        """Return n.

        >>> dies(1)
        1
        """

    @spec
    def twice(call: Callable[[], int]) -> int:
        """Call it twice."""

    @spec
    def drawn(n: int) -> int:
        """Return n."""

    @spec
    def odd(n: complex) -> int:
        """Return 1."""

    @spec
    def missing(n: int) -> int:
        """Return n."""
'''
ARTIFACT = '''
    from collections.abc import Callable, Iterator


    # spec v1:01 body 01
    def double(n: int) -> int:
        """Return twice n."""
        return 2 * n


    # spec v1:02 body 02
    def listed(text: str) -> list[str]:
        """Return the different letters."""
        return list(set(text))


    # spec v1:03 body 03
    def count(n: int) -> Iterator[int]:
        """Count from n."""
        while True:
            yield n
            n += 1


    # spec v1:04 body 04
    def dies(n: int) -> int:
        """Return n."""
        return __import__("os")._exit(3)


    # spec v1:05 body 05
    def twice(call: Callable[[], int]) -> int:
        """Call it twice."""
        return call() + call()


    # spec v1:06 body 06
    def drawn(n: int) -> int:
        """Return n."""
        return n


    # spec v1:07 body 07
    def odd(n: complex) -> int:
        """Return 1."""
        return 1
    '''
RECORDS = {
    "double": {
        "digest": "v1:01", "body_hash": "01", "attempt": 2, "prompt_tokens": 90, "completion_tokens": 9,
        "refused": [{"gate": "tests", "stage": "execution"}],
    },
    "listed": {"digest": "v1:02", "body_hash": "02", "attempt": 1, "prompt_tokens": None, "completion_tokens": 9},
    "count": {"digest": "v1:03", "body_hash": "other", "attempt": 1, "prompt_tokens": 5, "completion_tokens": 5},
}  # fmt: skip


class Listener:
    """Remembers how far the runs are."""

    def __init__(self):
        self.begun, self.ended = [], 0

    def started(self, spec, processes):
        self.begun.append((spec, processes))

    def advanced(self):
        self.ended += 1


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")
    records = json.dumps({"version": 1, "specs": RECORDS})
    files = {
        "specs/it.py": SPEC,
        "src/generated/__init__.py": "",
        "src/generated/it.py": ARTIFACT,
        "src/generated/it.provenance.json": records,
    }
    return write_project(tmp_path_factory.mktemp("gathering") / "example", files)


def look(root, runs, only=None):
    project, listener = Project(load_config(root)), Listener()
    found = list(gather(project, compile_order(project.files, only), runs, listener))
    return {each.figures.name: each for each in found}, listener


@pytest.fixture(scope="module")
def found(root):
    return look(root, 12)


def test_every_spec_has_its_figures_and_every_process_is_told(found):
    each, listener = found
    assert list(each) == ["double", "listed", "count", "dies", "twice", "drawn", "odd", "missing"]
    assert listener.begun == [("specs/it.py::double", 60)]
    assert listener.ended == 60


def test_a_body_that_answers_the_same_in_every_process(found):
    figures = found[0]["double"].figures
    assert (figures.tokens, figures.attempt, figures.problem) == (99, 2, "")
    assert (figures.quality.lines, figures.quality.complexity, figures.quality.typed) == (2, 1, 1.0)
    seen = figures.determinism
    assert (seen.runs, seen.inputs, seen.hash_seeds, seen.entropy, seen.reproducibility) == (12, 1, 4, 0.0, 1.0)
    assert seen.unanswered == 0
    latency = figures.latency
    assert latency.calls == 12
    assert 0 < latency.p50 <= latency.p99 < latency.cold_start
    assert latency.process < latency.cold_start


def test_a_body_that_depends_on_how_strings_hash_is_found_out(found):
    seen = found[0]["listed"].figures.determinism
    assert seen.entropy > 1.5
    assert seen.reproducibility < 0.5


def test_the_first_items_of_an_iterator_are_its_answer(found):
    seen = found[0]["count"].figures
    assert (seen.determinism.entropy, seen.determinism.unanswered) == (0.0, 0)


def test_a_body_that_dies_is_given_up(found):
    assert found[0]["dies"].figures.problem == "no process answered: left with exit status 3"


def test_what_runs_in_the_jail_or_has_no_input_is_not_run(found):
    assert "Callable" in found[0]["twice"].figures.problem
    assert found[0]["odd"].figures.problem.startswith("its tests call it with no literal input")
    assert found[0]["odd"].figures.quality.lines == 2


def test_where_the_tests_have_no_literal_call_inputs_are_made(found):
    assert found[0]["drawn"].figures.determinism.inputs == 5


def test_a_missing_body_has_no_figures(found):
    missing = found[0]["missing"].figures
    assert (missing.problem, missing.quality, missing.tokens) == ("it has no body", None, None)


def test_only_a_record_of_this_body_counts(found):
    assert found[0]["double"].making.refused == ("execution",)
    assert (found[0]["listed"].making.attempt, found[0]["listed"].figures.tokens) == (1, None)
    assert (found[0]["count"].making, found[0]["count"].figures.tokens) == (None, None)


def test_fewer_runs_than_seeds(root):
    each, listener = look(root, 1, "double")
    assert (each["double"].figures.determinism.runs, each["double"].figures.determinism.hash_seeds) == (1, 1)
    assert listener.ended == 1


def test_only_missing_bodies_start_nothing(root):
    each, listener = look(root, 3, "missing")
    assert (list(each), listener.begun) == (["missing"], [])


def test_a_sandbox_that_breaks_is_told_of_each_body(root, monkeypatch):
    def broken(*_):
        raise SandboxError("sandbox: broken.")

    monkeypatch.setattr(gathering, "measure_targets", broken)
    each, _ = look(root, 3, "double")
    assert each["double"].figures.problem == "sandbox: broken."


def test_a_spec_whose_inputs_cannot_be_read_is_told(root, monkeypatch):
    def unreadable(*_):
        raise SandboxError("specs: unreadable.")

    monkeypatch.setattr(gathering, "rows_of", unreadable)
    each, _ = look(root, 3, "double")
    assert each["double"].figures.problem == "specs: unreadable."


def test_a_body_that_was_never_run_has_no_figures(root, monkeypatch):
    monkeypatch.setattr(gathering, "measure_targets", lambda *_: {"double": Runs()})
    each, _ = look(root, 3, "double")
    assert each["double"].figures.problem == "no process answered"


def test_inputs_are_spread_over_the_rows():
    rows = [make_input([number], {}) for number in range(12)]
    assert [each.text for each in choose_inputs(rows, list)] == ["0", "2", "4", "7", "9"]
    assert choose_inputs(rows[:2], list) == tuple(rows[:2])
    assert choose_inputs([], lambda: rows[:1]) == (rows[0],)


def test_processes_of_a_body_that_dies_late_still_count(root, monkeypatch):
    monkeypatch.setattr(measuring, "_DEATHS", 1)
    each, listener = look(root, 2, "dies")
    assert each["dies"].figures.problem.startswith("no process answered")
    assert listener.ended == 2
