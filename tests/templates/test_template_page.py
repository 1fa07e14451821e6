"""The page on templates has a real spec for each of them."""

from __future__ import annotations

import re

import pytest
from test_docs import ROOT, write_page

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.templates.catalogue import BUILTIN
from pytest_compiled_ai.templates.fitting import fit_template
from pytest_compiled_ai.templates.properties import PROPERTIES

PAGE = ROOT / "docs" / "templates.md"


def test_the_specs_of_the_page_fit_their_templates(tmp_path):
    write_page(PAGE, tmp_path)
    project = Project(load_config(tmp_path))
    fits = [fit_template(project.config, project.subject(file, stub)) for file in project.files for stub in file.stubs]
    assert {fit.template.name for fit in fits} == {"classifier", "extractor", "normalizer", "tool_call", "validator"}


@pytest.mark.parametrize("template", [each for each in BUILTIN if each.scaffold is None], ids=lambda each: each.name)
def test_the_table_has_each_template(template):
    row = re.search(rf"^\| `{template.name}` \|.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert row
    assert set(template.properties) <= PROPERTIES.keys()
    assert ("grounded" in row[0]) is ("grounded" in template.properties)


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_the_page_tells_of_each_property(name):
    assert f"- **{name}**: " in PAGE.read_text(encoding="utf-8")
