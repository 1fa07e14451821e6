from __future__ import annotations

import ast

import pytest

from pytest_compiled_ai.artifacts.foreign import find_foreign
from pytest_compiled_ai.artifacts.helpers import (
    free_names,
    is_definition,
    is_helper,
    is_mark,
    marked_lines,
    start_of,
)
from pytest_compiled_ai.artifacts.module import parse_module, render_module
from pytest_compiled_ai.artifacts.thinning import drop_sections
from pytest_compiled_ai.ejection.artifact import plain_module

TEXT = """# Compiled from specs/x.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

import math
import re
from functools import cache

RATE = 3
# helper numbers
_WORDS = {"math": 1, "f": 2}
# helper numbers
_PATTERN: str = re.escape("a")


# helper numbers
@cache
def numbers_in(text: str) -> int:
    found = len(_PATTERN)
    return found + inner(text, _WORDS)


# helper spans
class Inner:
    size = 3


# helper spans
def inner(text: str, words: dict[str, int]) -> int:
    return Inner.size + len(text)


# spec v1:ab body cd
def f(text: str) -> int:
    return numbers_in(text)


# spec v1:ab body cd
def g(n: float) -> float:
    return math.floor(n) * RATE
"""
SPECS = {"f", "g"}


@pytest.mark.parametrize("line", ["# helper numbers", "  # helper numbers\r\n", "# helper a_b"])
def test_a_mark(line):
    assert is_mark(line)


@pytest.mark.parametrize(
    "line", ["", "# helper", "# helper two words", "# helper X", "#helper numbers", "x  # helper a"]
)
def test_no_mark(line):
    assert not is_mark(line)


def test_kinds_of_text():
    constants = parse_module(TEXT, "").constants
    assert {name: (is_helper(text), is_definition(text)) for name, text in constants.items()} == {
        "RATE": (False, False),
        "_WORDS": (True, False),
        "_PATTERN": (True, False),
        "numbers_in": (True, True),
        "Inner": (True, True),
        "inner": (True, True),
    }


def test_free_names_are_those_of_the_module():
    constants = parse_module(TEXT, "").constants
    assert free_names(constants["numbers_in"]) == {"cache", "str", "int", "len", "_PATTERN", "_WORDS", "inner"}
    assert free_names(constants["_WORDS"]) == frozenset()


def test_an_artifact_with_helpers_reads_back():
    assert render_module(parse_module(TEXT, "specs/x.py")) == TEXT
    assert [section.name for section in parse_module(TEXT, "").sections] == ["f", "g"]
    bare = parse_module("def f(): ...\n# helper a\n\ndef g(): ...\n", "")
    assert (bare.constants, [section.name for section in bare.sections]) == ({}, ["f", "g"])


def test_lines_of_marks():
    lines = TEXT.split("\n")
    tree = ast.parse(TEXT)
    assert [lines[at] for at in sorted(marked_lines(tree, lines))].count("# helper numbers") == 3
    assert len(marked_lines(tree, lines)) == 5
    decorated = next(node for node in tree.body if getattr(node, "name", "") == "numbers_in")
    assert lines[start_of(decorated) - 1] == "@cache"


def test_a_helper_goes_with_the_last_body_that_uses_it():
    thin = drop_sections(TEXT, {"f"})
    assert list(parse_module(thin, "").constants) == ["RATE"]
    assert "helper" not in thin
    assert "import re" not in thin
    kept = parse_module(drop_sections(TEXT, {"g"}), "")
    assert list(kept.constants) == ["_WORDS", "_PATTERN", "numbers_in", "Inner", "inner"]
    # A string that reads like a name is no use of it.
    assert [item.bound for item in kept.imports] == ["re", "cache"]


def test_what_bodies_use_is_not_foreign():
    assert find_foreign(TEXT, SPECS) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("return numbers_in(text)", "return 1", {"numbers_in", "_WORDS", "_PATTERN", "inner", "Inner", "re", "cache"}),
        ("return found + inner(text, _WORDS)", "return found", {"_WORDS", "inner", "Inner"}),
        ("math.floor(n)", "n", {"math"}),
        ("# helper spans\nclass Inner", "class Inner", {"Inner"}),
    ],
)
def test_what_no_body_uses_is(old, new, what):
    assert old in TEXT
    found = find_foreign(TEXT.replace(old, new), SPECS)
    assert {each.what.removeprefix("an import of ").partition(",")[0].partition(" ")[0] for each in found} == what


def test_an_ejected_module_is_the_same_code():
    plain = plain_module(TEXT, "specs/x.py")
    assert "# helper" not in plain
    assert ast.dump(ast.parse(plain)).endswith(ast.dump(ast.parse(TEXT)).removeprefix("Module(body=["))
