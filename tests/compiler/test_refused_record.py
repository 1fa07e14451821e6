"""The record beside a body tells which stages refused the attempts before it."""

from __future__ import annotations

import json

import pytest

from pytest_compiled_ai.evaluation.framework.first_pass import Making, read_making
from pytest_compiled_ai.testing import ScriptedProvider, fenced

SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice n.

        >>> double(3)
        6
        """
'''


@pytest.mark.usefixtures("near")
def test_refusals_are_recorded_up_to_the_attempt_that_passed(bench):
    made = bench({"specs/numbers.py": SPEC})
    wrong, right = (fenced(f"def double(n: int) -> int:\n    return {body}") for body in ("n + 2", "2 * n"))
    found = made.compile(ScriptedProvider("I cannot.", wrong, right))
    assert found["double"].outcome == "compiled"
    record = json.loads(made.read("src/generated/numbers.provenance.json"))["specs"]["double"]
    assert record["refused"] == [{"gate": "reply", "stage": "output"}, {"gate": "tests", "stage": "execution"}]
    assert read_making(record) == Making(attempt=3, refused=("output", "execution"))


@pytest.mark.usefixtures("near")
def test_a_body_that_passes_at_once_was_refused_by_nobody(bench):
    made = bench({"specs/numbers.py": SPEC})
    made.compile(ScriptedProvider(fenced("def double(n: int) -> int:\n    return 2 * n")))
    record = json.loads(made.read("src/generated/numbers.provenance.json"))["specs"]["double"]
    assert read_making(record) == Making(attempt=1, refused=())
