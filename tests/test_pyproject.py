from __future__ import annotations

import pytest

from pytest_compiled_ai.errors import ConfigError
from pytest_compiled_ai.pyproject import find_root, parse_toml, read_project_table, read_table


def test_a_missing_file_is_an_error_and_a_foreign_one_no_table(tmp_path):
    with pytest.raises(ConfigError, match="not readable"):
        read_table(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    assert read_table(tmp_path) is None


def test_a_text_is_parsed_once_and_a_changed_file_is_read_anew(tmp_path):
    path = tmp_path / "pyproject.toml"
    for number in (2, 3):
        path.write_text(f"[tool.compiled-ai]\nattempts = {number}\n")
        assert read_table(tmp_path) == {"attempts": number}
    text = path.read_text()
    assert parse_toml(text) is parse_toml(text)


def test_the_root_is_the_nearest_folder_with_a_table(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_root(inner) is None
    (tmp_path / "pyproject.toml").write_text("[tool.compiled-ai]\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert find_root(inner) == tmp_path


@pytest.mark.parametrize(("text", "found"), [("[project]\nname = 'x'", {"name": "x"}), ("", {}), ("project = 3", {})])
def test_the_project_table_is_read(tmp_path, text, found):
    (tmp_path / "pyproject.toml").write_text(text)
    assert read_project_table(tmp_path) == found
