from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from pytest_compiled_ai.errors import HarnessError
from pytest_compiled_ai.gates.syntax import Elision, Types, find_python


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


@pytest.fixture
def types(tmp_path):
    root = tmp_path / "shadow"
    (root / "src").mkdir(parents=True)
    return Types(root, "3.11", tmp_path / "cache")


def test_mypy_judges_the_body_by_the_annotations_and_not_the_header(cut, types):
    assert types.check(*cut("return n")).passed
    verdict = types.check(*cut("text: str = n\nreturn text"))
    assert not verdict.passed
    assert verdict.message.startswith("mypy: Incompatible types in assignment")
    assert "[assignment], in: text: str = n" in verdict.feedback
    assert "[return-value], in: return text" in verdict.feedback

    loose = "from pytest_compiled_ai import spec\n\n@spec\ndef f(n, m: int = 'x'):\n    ...\n"
    candidate, subject = cut("return n", spec=loose)
    assert {fault.code for fault in types.errors_of(candidate.module, subject)} == {"assignment", "no-untyped-def"}
    assert types.check(candidate, subject).passed


def test_errors_of_other_files_and_without_a_code_are_told_apart(cut, types, monkeypatch):
    said = "src/generated/other.py:1: error: X  [a]\nsrc/generated/it.py:2: error: Y\nsrc/generated/it.py:3: note: Z\n"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1, stdout=said, stderr=""))
    candidate, subject = cut()
    (fault,) = types.errors_of(candidate.module, subject)
    assert (fault.line, fault.text, fault.code) == (2, "Y", "")


@pytest.mark.parametrize(("said", "why"), [("a\nno memory\n", "no memory"), ("", "died silently")])
def test_mypy_s_own_failure_blames_no_candidate(cut, types, monkeypatch, said, why):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=2, stdout="", stderr=said))
    with pytest.raises(HarnessError, match=f"mypy could not check specs/it.py: .*{why}"):
        types.check(*cut())


def test_the_oldest_python_of_the_project_is_meant():
    assert find_python(">=3.11,<4") == "3.11"
    assert find_python(">= 3.13") == "3.13"
    assert find_python("") == f"{sys.version_info.major}.{sys.version_info.minor}"
