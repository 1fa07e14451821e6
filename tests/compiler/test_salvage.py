from __future__ import annotations

import pytest
from compiler_scripts import ARTIFACT, FIRST, PAIR, SECOND

from pytest_compiled_ai.compiler.salvage import salvage
from pytest_compiled_ai.testing import ScriptedProvider

PATH = "specs/number.py"


@pytest.fixture
def text(bench, near):
    made = bench({PATH: PAIR})
    assert not made.report(ScriptedProvider(FIRST, SECOND)).failed
    return made.read(ARTIFACT)


def names(found):
    return [section.name for section in found.module.sections]


def test_what_is_whole_is_read_as_it_is(text):
    found = salvage(text, PATH)
    assert (names(found), found.is_merge, found.is_whole) == (["first", "second"], False, True)
    assert salvage(text.replace("\n", "\r\n"), PATH).module == found.module


def test_a_broken_body_costs_no_other(text):
    found = salvage(text.replace("return n**2", "return n**"), PATH)
    assert (names(found), found.is_whole) == (["first"], False)
    assert found.module.section("first") == salvage(text, PATH).module.section("first")


def test_a_broken_header_costs_no_body_but_its_trust(text):
    found = salvage(text.replace("import Decimal", "import Decimal Decimal"), PATH)
    assert (names(found), found.module.imports, found.is_whole) == (["first", "second"], (), False)


def conflicted(text, old, ours, theirs):
    assert old in text
    return text.replace(old, f"<<<<<<< a\n{ours}=======\n{theirs}>>>>>>> b\n")


def test_of_two_sides_the_union_is_read(text):
    at = text.index("\n\n# spec", text.index("def first"))
    found = salvage(conflicted(text, text[at:], "", text[at:]), PATH)
    assert (names(found), found.is_merge, found.is_whole) == (["first", "second"], True, True)


def test_of_two_true_bodies_the_wanted_one_is_read_else_ours(text):
    at = text.index("# spec", text.index("def first"))
    theirs = text[at:].replace("# spec v1:", "# spec v1:0")
    both = conflicted(text, text[at:], text[at:], theirs)
    ours = salvage(text, PATH).module.section("second")
    assert salvage(both, PATH).module.section("second") == ours
    found = salvage(both, PATH, [f"v1:0{ours.digest.removeprefix('v1:')}"])
    assert (found.is_whole, found.module.section("second").digest) == (True, f"v1:0{ours.digest.removeprefix('v1:')}")


def test_an_edit_on_either_side_is_never_whole(text):
    line = "    return n**2\n"
    for sides in ((line, "    return n*n\n"), ("    return n*n\n", line), ("    return n*\n", line)):
        found = salvage(conflicted(text, line, *sides), PATH)
        assert (found.is_merge, found.is_whole) == (True, False)


def test_syntax_that_no_digest_knows_is_no_true_body(text, monkeypatch):
    from pytest_compiled_ai.compiler import salvage as module
    from pytest_compiled_ai.errors import SpecError

    def refuse(*_):
        raise SpecError("unknown")

    monkeypatch.setattr(module, "hash_section", refuse)
    assert not salvage(text, PATH).is_whole
