from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from pytest_compiled_ai.artifacts.foreign import find_foreign
from pytest_compiled_ai.artifacts.module import (
    ArtifactModule,
    Import,
    Section,
    parse_module,
    render_module,
    with_section,
)
from pytest_compiled_ai.artifacts.scaffolding import is_scaffold_mark, owned_in, scaffold_marks
from pytest_compiled_ai.artifacts.thinning import drop_sections
from pytest_compiled_ai.compiler.project import hash_section
from pytest_compiled_ai.compiler.salvage import salvage
from pytest_compiled_ai.ejection.artifact import plain_module

TEXT = """\
# Compiled from specs/x.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

import json as _json
import math

ONE = 1


# spec v1:1 body 1
def f(n: int) -> int:
    return math.floor(n) + ONE


# scaffold of f
@_json.wraps
class FBatch:
    pass


# scaffold of f
def f_batch(ns: list[int]) -> str:
    return _json.dumps([f(n) for n in ns])


# spec v1:2 body 2
def g() -> int:
    return 2
"""
LOOSE = TEXT.replace("# spec v1:2 body 2", "# scaffold of f_batch")


def owners(text: str) -> dict[str, str]:
    tree, lines = ast.parse(text), text.split("\n")
    owned = owned_in(tree, lines)
    return {node.name: owned[node.lineno] for node in tree.body if getattr(node, "lineno", 0) in owned}


def f_of(text: str) -> tuple[ArtifactModule, Section]:
    module = parse_module(text, "specs/x.py")
    section = module.section("f")
    assert section is not None
    return module, section


def hash_of_f(text: str) -> str:
    return hash_section(*f_of(text))


def test_a_scaffold_is_read_back_with_its_section():
    module, section = f_of(TEXT)
    assert render_module(module) == TEXT
    assert [each.name for each in module.sections] == ["f", "g"]
    assert [each.partition("\n")[0] for each in section.scaffold] == [
        "@_json.wraps",
        "def f_batch(ns: list[int]) -> str:",
    ]
    assert parse_module(TEXT.replace("\n", "\r\n"), "specs/x.py") == module


def test_a_mark_that_names_nothing_there_is_none():
    assert owners(TEXT) == {"FBatch": "f", "f_batch": "f"}
    assert owners(LOOSE) == {"FBatch": "f", "f_batch": "f"}
    assert owners("# scaffold of gone\ndef f_batch(): ...") == {}
    assert owners("# scaffold of f\ndef f(): ...") == {}
    assert owners("# helper numbers\ndef f(): ...\n# scaffold of f\ndef f_batch(): ...") == {}
    assert owners("def f(): ...\n# scaffold of f\nx = 1") == {}
    assert owners("def f(): ...") == {}


def test_marks_stand_above_definitions():
    lines = TEXT.split("\n")
    assert {lines[at] for at in scaffold_marks(ast.parse(TEXT), lines)} == {"# scaffold of f"}
    assert is_scaffold_mark("# scaffold of f\r\n")
    assert not is_scaffold_mark("# scaffold of f, too")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dumps([f(n)", "dumps([2 * f(n)"),
        ("import json as _json", "import jsonlib as _json"),
        ("# scaffold of f\ndef", "def"),
        ("\n\n# scaffold of f\n@_json.wraps\nclass FBatch:\n    pass\n", ""),
        ("class FBatch", "class GBatch"),
    ],
)
def test_an_edit_of_the_scaffold_is_an_edit_of_the_body(old, new):
    assert old in TEXT
    assert hash_of_f(TEXT.replace(old, new)) != hash_of_f(TEXT)


def test_layout_and_order_are_no_edit():
    module, section = f_of(TEXT)
    turned = replace(section, scaffold=tuple(reversed(section.scaffold)))
    assert hash_section(module, turned) == hash_section(module, section)
    assert hash_of_f(TEXT.replace("[f(n) for n in ns]", "[\n        f(n) for n in ns  # each\n    ]")) == hash_of_f(
        TEXT
    )


def test_a_sibling_that_changes_leaves_it_as_it_is():
    module, section = f_of(TEXT)
    new = Section(name="g", text="def g() -> int:\n    return 3\n", digest="v1:3", body_hash="3")
    changed = with_section(module, new, [], {}, ["f", "g"])
    assert changed.section("f") == section
    assert changed.imports == module.imports
    assert render_module(changed) == TEXT.replace("return 2", "return 3").replace("v1:2 body 2", "v1:3 body 3")


def test_imports_that_it_alone_needed_go_with_it():
    module, section = f_of(TEXT)
    changed = with_section(module, replace(section, scaffold=()), module.imports, module.constants, ["f", "g"])
    assert changed.imports == (Import(module="math", name=None, bound="math"),)


def test_it_is_no_foreign_code():
    assert find_foreign(TEXT, {"f", "g"}) == []
    orphan, *rest = find_foreign(TEXT, {"g"})
    assert (orphan.what, orphan.is_orphan, rest) == ("f, which no spec asks for", True, [])
    (loose,) = find_foreign(LOOSE, {"f"})
    assert loose.what == "g, which no spec asks for"
    assert not loose.is_orphan


def test_it_goes_with_its_section():
    thin = drop_sections(TEXT, {"f"})
    assert thin == (
        "# Compiled from specs/x.py by pytest-compiled-ai.\n"
        "# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.\n"
        "\n\n# spec v1:2 body 2\ndef g() -> int:\n    return 2\n"
    )
    kept = drop_sections(TEXT, {"g"})
    assert kept == TEXT.partition("\n\n# spec v1:2")[0]


def test_it_stays_in_a_module_that_is_ejected():
    plain = plain_module(TEXT, "specs/x.py")
    assert "def f_batch(" in plain
    assert "# s" not in plain


def test_it_is_found_in_a_broken_file():
    found = salvage(TEXT.replace("    return 2", "    return 2 2"), "specs/x.py")
    assert [section.name for section in found.module.sections] == ["f"]
    assert found.module.sections[0].scaffold == f_of(TEXT)[1].scaffold
