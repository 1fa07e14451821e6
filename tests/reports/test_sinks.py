from __future__ import annotations

from pathlib import Path

import pytest
from report_projects import make_full_report

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.reports.sinks import FORMATS, SUFFIXES, choose_format


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_a_text(form):
    text = FORMATS[form](make_full_report())
    assert text.endswith("\n")
    assert "double" in text


def test_a_suffix_stands_for_a_form():
    assert {choose_format(Path(f"a{suffix}")) for suffix in SUFFIXES} == set(FORMATS) - {"github"}


@pytest.mark.parametrize("name", ["report", "report.txt", "report.MD", ".md"])
def test_another_suffix_is_said(name):
    with pytest.raises(ConfigError, match=r"end its name in one of \.md, \.sarif, \.json, \.html\.$"):
        choose_format(Path(name))
