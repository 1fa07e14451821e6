from __future__ import annotations

import pytest

from pytest_compiled_ai.artifacts.module import parse_module
from pytest_compiled_ai.reports.changes import Edit
from pytest_compiled_ai.reports.segments import cut_body, cut_segment, edit_inputs, line_of, place_of
from pytest_compiled_ai.reports.trees import Snapshot

SOURCE = """\
import pytest
LIMIT = 3
LIMIT += 1
SIZE: int = 4


@pytest.fixture
def rates():
    return {}


class TestIt:
    def test_a(self):
        assert LIMIT
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LIMIT", "LIMIT = 3\n"),
        ("SIZE", "SIZE: int = 4\n"),
        ("rates", "@pytest.fixture\ndef rates():\n    return {}\n"),
        ("TestIt::test_a", "def test_a(self):\n    assert LIMIT\n"),
        ("Other::test_a", ""),
        ("nothing", ""),
        ("<module>", ""),
        ("", SOURCE),
    ],
)
def test_a_definition_is_cut_out(name, text):
    assert cut_segment(SOURCE, name) == text


@pytest.mark.parametrize("source", ["def f(:\n", "\0"])
def test_of_what_is_no_python_nothing_is_cut(source):
    assert cut_segment(source, "f") == ""
    assert line_of(source, "f") == 1


def test_a_line_is_that_of_the_definition():
    assert (line_of(SOURCE, "rates"), line_of(SOURCE, "TestIt"), line_of(SOURCE, "LIMIT")) == (8, 12, 1)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("signature", "s.py::f"),
        ("doctest specs/a.py::f", "specs/a.py::f"),
        ("test specs/a.py::TestX::test_y", "specs/a.py::TestX::test_y"),
        ("data data/rates.json", "data/rates.json"),
    ],
)
def test_an_input_has_a_place(name, place):
    assert place_of(name, "s.py::f") == place


def test_only_what_differs_is_told_and_the_stub_comes_first(tmp_path):
    def tree(limit):
        text = f"def f(): ...\nLIMIT = {limit}\ndef g(): {limit}\ndef same(): ...\n"
        return Snapshot(
            root=tmp_path, texts={"a.py": text, "rates.json": f"{limit}", "new.py": text if limit else None}
        )

    names = ["data a.py::LIMIT", "data rates.json", "docstring", "doctest a.py::g", "test a.py::same", "x new.py::f"]
    assert list(edit_inputs("a.py::g", names, tree(0), tree(1))) == [
        Edit(title="a.py::g", old="def g(): 0\n", new="def g(): 1\n"),
        Edit(title="a.py::LIMIT", old="LIMIT = 0\n", new="LIMIT = 1\n"),
        Edit(title="rates.json", old="0", new="1"),
        Edit(title="new.py::f", old="", new="def f(): ...\n"),
    ]


def test_a_body_comes_with_what_it_uses():
    text = "import re\nimport os\nWORD = re.compile('x')\nOTHER = 1\n\n\n# spec v1:0 body 1\ndef f():\n    return WORD, re\n"
    artifact = parse_module(text, "a.py")
    body = "import re\n\nWORD = re.compile('x')\n\ndef f():\n    return WORD, re\n"
    assert cut_body(artifact, artifact.section("f")) == body
    assert cut_body(artifact, artifact.section("g")) == ""
    assert cut_body(None, artifact.section("f")) == ""
