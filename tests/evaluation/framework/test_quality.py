from __future__ import annotations

import ast
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_compiled_ai.evaluation.framework import lint
from pytest_compiled_ai.evaluation.framework.lint import count_findings, find_linter
from pytest_compiled_ai.evaluation.framework.quality import count_lines, measure_complexity, measure_quality

FUNCTION = dedent('''
    def clip(n: int, *rest: int, low: int = 0, **more) -> int:
        """Return n.

        At least low.
        """
        # a comment

        if n < low and not rest:
            return low
        text = """two
        lines"""
        return n
    ''').lstrip()


def complexity_of(body):
    (function,) = ast.parse(f"def f(a, b):\n    {body}").body
    return measure_complexity(function)


def test_lines_are_those_with_code():
    assert count_lines(FUNCTION) == 6
    assert count_lines("x = 1\n\n\n# y\n") == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return a", 1),
        ("return a if b else 1", 2),
        ("return a and b or a", 3),
        ("return [x for x in a if x if b]", 4),
        ("assert a", 2),
        ("while a: pass", 2),
        ("for x in a:\n        if x: pass\n        elif b: pass\n        else: pass", 4),
        ("try: pass\n    except ValueError: pass\n    except OSError: pass\n    finally: pass", 3),
        ("match a:\n        case 1: pass\n        case _: pass", 3),
        ("def g():\n        return a if b else 1\n    return g", 2),
    ],
)
def test_complexity_is_one_and_every_decision(body, expected):
    assert complexity_of(body) == expected


def test_quality_of_a_function():
    found = measure_quality(FUNCTION)
    assert (found.lines, found.complexity, found.typed, found.findings) == (6, 3, 4 / 5, None)


def test_quality_of_a_class_is_that_of_its_most_branched_method():
    source = "class A:\n    def f(self):\n        return 1\n    def g(self, n: int) -> int:\n        return n or 1\n"
    found = measure_quality(source)
    assert (found.complexity, found.typed) == (2, 2 / 3)
    assert measure_quality("class A:\n    x = 1\n").typed == 1.0


def test_the_linter_counts_and_leaves_names_of_the_module_alone():
    linter = find_linter()
    if linter is None:
        pytest.skip("no ruff here")
    assert measure_quality("def f(a):\n    import os\n    return Decimal(a)\n", linter=linter).findings == 1


def test_no_linter_no_findings(monkeypatch):
    monkeypatch.setattr(lint.shutil, "which", lambda *_, **__: None)
    assert find_linter() is None


def test_a_linter_that_fails_finds_nothing(tmp_path):
    assert count_findings("x = 1\n", str(tmp_path / "none")) is None
    wrong = tmp_path / "ruff"
    wrong.write_text(f"#!{sys.executable}\nprint('no json')\n", encoding="utf-8")
    wrong.chmod(0o755)
    assert count_findings("x = 1\n", str(wrong)) is None


def test_the_linter_beside_this_python_goes_first(monkeypatch):
    asked = []
    monkeypatch.setattr(lint.shutil, "which", lambda name, path="": asked.append(path) or "found")
    assert find_linter() == "found"
    assert asked == [str(Path(sys.executable).parent)]
