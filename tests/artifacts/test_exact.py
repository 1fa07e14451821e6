from __future__ import annotations

from pathlib import Path

import pytest

from pytest_compiled_ai.artifacts.exact import lines_of, newline_of, read_exact
from pytest_compiled_ai.errors import ConfigError


def test_a_text_is_read_to_the_byte(tmp_path):
    path = tmp_path / "x.py"
    path.write_bytes("\ufeffa\r\nb\rc\n\x0cd".encode())
    assert lines_of(read_exact(path)) == ["\ufeffa\r\n", "b\r", "c\n", "\x0cd"]


@pytest.mark.parametrize(
    ("text", "end"), [("a\r\nb\n", "\r\n"), ("a\n", "\n"), ("a\rb", "\r"), ("a", "\n"), ("", "\n")]
)
def test_the_line_end_is_the_first_ones(text, end):
    assert newline_of(text) == end


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"x cannot be read \(No such file or directory\)"):
        read_exact(tmp_path / "x")
    (tmp_path / "y").write_bytes(b"ab\xff")
    with pytest.raises(ConfigError, match=r"y is not UTF-8 \(byte 2\); save it as UTF-8"):
        read_exact(tmp_path / "y")
