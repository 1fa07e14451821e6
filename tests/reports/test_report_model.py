from __future__ import annotations

import pytest

from pytest_compiled_ai.reports.model import RunReport, SpecResult


@pytest.mark.parametrize(
    ("outcome", "failed"),
    [
        ("fresh", False),
        ("compiled", False),
        ("restamped", False),
        ("kept", False),
        ("failed", True),
        ("interrupted", True),
    ],
)
def test_a_run_failed_if_something_was_not_compiled(outcome, failed):
    result = SpecResult(id="s::f", before="missing", outcome=outcome)
    assert RunReport(results=(result,)).failed is failed
    assert RunReport(results=(result,), problems=("s:1: bad",)).failed
    assert not RunReport(results=()).failed
