from __future__ import annotations

import pytest

from pytest_compiled_ai.gates.syntax import Elision


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("pass", "`pass` is all there is"),
        ("...", "`...` stands for missing code"),
        ("if n:\n    ...\nreturn n", "`...` stands for missing code"),
        ("raise NotImplementedError", "raises NotImplementedError"),
        ("raise NotImplementedError('later')", "raises NotImplementedError"),
        ("return n  # TODO: the rest", "'# TODO: the rest' stands for missing code"),
        ("# ... rest\nreturn n", "stands for missing code"),
        ("# rest of the code\nreturn n", "stands for missing code"),
        ("# same as before\nreturn n", "stands for missing code"),
        ("# your code here\nreturn n", "stands for missing code"),
    ],
)
def test_a_body_that_leaves_work_out_is_refused(cut, body, why):
    verdict = Elision().check(*cut(body))
    assert not verdict.passed
    assert why in verdict.message


@pytest.mark.parametrize(
    "body",
    ["x = ...\nreturn n", "if n:\n    pass\nreturn n", "raise ValueError('n')", "raise", "# the rest is n\nreturn n"],
)
def test_a_whole_body_passes(cut, body):
    assert Elision().check(*cut(body)).passed
