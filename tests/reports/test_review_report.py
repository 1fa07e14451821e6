from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from rich.console import Console

from pytest_compiled_ai.artifacts.module import parse_module
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.reports.review import describe_pending, draw_list, draw_pending
from pytest_compiled_ai.review.pending import Pending
from pytest_compiled_ai.testing import write_project

SPEC = '''
    from pytest_compiled_ai import spec

    @spec
    def double(n: int) -> int:
        """Return twice n.

        >>> double(2)
        4
        """
'''
OLD = "def double(n: int) -> int:\n    return n + n\n"
ARTIFACT = "# spec v1:ab body cd\ndef double(n: int) -> int:\n    return 2 * n\n"
RECORD = {
    "digest": "v1:ab", "body_hash": "cd", "provider": "big", "model": "qwen", "attempt": 2, "attempts": 8,
    "prompt_tokens": 900_000, "completion_tokens": 100_000, "coverage": "3/4 lines", "tier": "sealed",
    "tests": ["a", "b"], "changes": ["double(3): 5 -> 6"],
    "gates": ["policy", {"gate": "bandit"}, {"gate": "size", "lines_of_code": "1", "statements": "2"}],
    "ambiguity": {
        "call": "double(-1)",
        "choices": [
            {"answer": "is -2", "bodies": 2, "test": "assert double(-1) == -2"},
            {"answer": "raises ValueError", "bodies": 1, "test": ""},
        ],
    },
}  # fmt: skip


@pytest.fixture
def make(tmp_path: Path):
    write_project(tmp_path, {"specs/number.py": SPEC})
    table = "\n[tool.compiled-ai.providers.big]\nmodel = 'qwen'\nprice = [1, 2]\n"
    with (tmp_path / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(table)
    project = Project(load_config(tmp_path))
    (file,) = project.files
    (stub,) = file.stubs
    standing = project.standing(file, stub)

    def pending(record=RECORD, *, old=OLD, changed=(), **more):
        return Pending(
            kind=more.pop("kind", "staged"), file=file, stub=stub, standing=standing._replace(changed=changed),
            artifact=parse_module(ARTIFACT, file.relative), old=old, record=record, **more,
        ), project.config  # fmt: skip

    return pending


def drawn(what, width=80):
    file = io.StringIO()
    Console(file=file, width=width, highlight=False, markup=False).print(what)
    return file.getvalue()


def test_a_reviewer_is_told_all_that_a_record_tells(make):
    assert list(describe_pending(*make(changed=("docstring", "test specs/number.py::test_x")))) == [
        "changed in the spec: docstring, test specs/number.py::test_x",
        "gates passed: policy, bandit",
        "gate passed: size: lines of code 1, statements 2",
        "body coverage: 3/4 lines; tests: 2, sealed",
        "the spec leaves open: double(-1)",
        "  it is -2, as 2 of the bodies that passed say",
        "  it raises ValueError, as 1 of the bodies that passed say",
        "for callers: double(3): 5 -> 6",
        "written by qwen: attempt 2 of 8, 1000000 tokens, cost 1.1000",
    ]


def test_a_thin_record_and_one_about_another_body_are_told(make):
    thin = {"digest": "v1:ab", "body_hash": "cd"}
    assert list(describe_pending(*make(thin))) == [
        "body coverage: not measured; tests: 0, no tier", "written by unknown",
    ]  # fmt: skip
    by_hand = {**thin, "provider": "hand", "based_on": "qwen"}
    assert list(describe_pending(*make(by_hand)))[-1] == "written by hand, based on qwen"
    other = ["no record is about this body: `compiled-ai verify` judges it"]
    assert list(describe_pending(*make({**RECORD, "body_hash": "ef"}))) == other
    assert list(describe_pending(*make({}))) == other


def test_what_stands_in_the_way_comes_first(make):
    assert next(describe_pending(*make(problem="its spec changed"))) == "cannot be accepted: its spec changed"


@pytest.mark.parametrize("width", [80, 120])
def test_a_body_is_drawn_with_its_place_and_its_diff(make, width):
    pending, settings = make()
    text = drawn(draw_pending(pending, "[1/2]", settings, width), width)
    assert text.startswith("[1/2] specs/number.py::double: staged, not written yet\n  spec at specs/number.py:")
    assert "; body for src/generated/number.py\n" in text
    assert "- " in text
    assert "return n + n" in text
    assert "return 2 * n" in text
    assert "written by qwen" in text
    assert max(map(len, text.splitlines())) <= width
    ast.parse(pending.new)


def test_a_written_body_says_so(make):
    pending, settings = make(kind="written", old="")
    assert "double: written, not approved\n" in drawn(draw_pending(pending, "[1/1]", settings, 80))


def test_a_list_tells_what_waits_and_how_much_is_new(make):
    (pending, settings), (outdated, _), (unknown, _) = make(), make(problem="changed"), make({}, old="", kind="written")
    rows = [line.split() for line in drawn(draw_list([pending, outdated, unknown], settings)).splitlines()]
    assert rows == [
        ["spec", "waits", "as", "lines", "model"],
        ["specs/number.py::double", "staged", "+1", "-1", "qwen"],
        ["specs/number.py::double", "outdated", "+1", "-1", "qwen"],
        ["specs/number.py::double", "written", "+2", "-0", "unknown"],
    ]
