from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.ejection.settings import toml_list, with_settings, without_tables
from pytest_compiled_ai.errors import ConfigError


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[tool.compiled-ai]\nspecs = ['specs']\n", ""),
        ('[project]\nname = "x"\n\n[tool.compiled-ai]\na = 1\n\n[tool.compiled-ai.providers.big]\nb = 2\n',
         '[project]\nname = "x"\n'),
        ("# ours\n[tool.compiled-ai]\na = 1\n# of a\n\n# about ruff\n[tool.ruff]\nb = 1\n",
         "# ours\n\n# about ruff\n[tool.ruff]\nb = 1\n"),
        ("x = 1\r\n\r\n[ tool . \"compiled-ai\" ] # here\r\na = [\r\n 1]\r\n\r\n\r\n[[tool.mypy.overrides]]\r\nm = 1\r\n",
         "x = 1\r\n\r\n\r\n[[tool.mypy.overrides]]\r\nm = 1\r\n"),
        ("[tool.compiled-ai]\n# of ours", ""),
        ("[tool.compiled-ai]\na = 1\n\n[tool.compiled-ai.budget]\nb = 2\n\n\n[tool.x]\nc = 3\n\n[tool.compiled-ai.policy]\n"
         "d = 4\n\n[tool.y]\ne = 5\n", "[tool.x]\nc = 3\n\n[tool.y]\ne = 5\n"),
        ("[tool.compiled-ai-other]\na = 1\n", "[tool.compiled-ai-other]\na = 1\n"),
        ("x = 1\n", "x = 1\n"),
    ],
)  # fmt: skip
def test_our_tables_go_and_all_else_stays(before, after):
    assert without_tables(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\ncompiled-ai = {specs = ['specs']}\n",
        "tool.compiled-ai.specs = ['specs']\n",
        "[tool.compiled-ai]\na = '''\n[tool.x]\n'''\n",
        "[tool.x]\na = '''\n[tool.compiled-ai]\n'''\n",
    ],
)
def test_what_cannot_be_told_apart_is_refused(text):
    tomllib.loads(text)
    with pytest.raises(ConfigError, match="write it as a table of its own, then eject again"):
        without_tables(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[tool.pytest.ini_options] # pytest\na = 1\n", '[tool.pytest.ini_options] # pytest\nfiles = ["b"]\na = 1\n'),
        ("[tool.pytest]\r\na = 1\r\n", '[tool.pytest]\r\nfiles = ["b"]\r\na = 1\r\n'),
        ("[tool.ruff]\na = 1\n", None),
        ("[tool.pytest.ini_options]\nfiles = 1\n", None),
        ("a = '''\n[tool.pytest]\n'''\n[tool.pytest.ini_options]\nb = 1\n",
         "a = '''\n[tool.pytest]\n'''\n[tool.pytest.ini_options]\nfiles = [\"b\"]\nb = 1\n"),
        ("a = '''\n[tool.pytest.ini_options]\n'''\n[tool.pytest.ini_options]\nb = 1\n", None),
    ],
)  # fmt: skip
def test_a_setting_is_added_where_that_is_safe(before, after):
    assert with_settings(before, {"files": ["b"]}) == after


@given(st.lists(st.text(st.characters(min_codepoint=32, exclude_characters="\x7f", exclude_categories=["Cs", "Cc"]))))
def test_any_list_is_read_back(values):
    assert tomllib.loads(f"x = {toml_list(values)}") == {"x": values}
