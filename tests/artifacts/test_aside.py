from __future__ import annotations

import pytest

from pytest_compiled_ai.artifacts.aside import is_damaged, put_aside


@pytest.mark.parametrize(
    ("name", "content", "damaged"),
    [
        ("x.py", b"", False),
        ("x.py", b"\xef\xbb\xbfn = 1\r\n", False),
        ("x.py", b"def (", True),
        ("x.py", b"# \xff", True),
        ("x.py", b"n = '\x00'", True),
        ("x.json", b"{}", False),
        ("x.json", b"", True),
        ("x.json", b"[" * 100_000, True),
    ],
)
def test_what_cannot_be_read_is_damaged(tmp_path, name, content, damaged):
    (tmp_path / name).write_bytes(content)
    assert is_damaged(tmp_path / name) is damaged


def test_what_is_not_there_is_not_damaged_and_not_copied(tmp_path):
    assert not is_damaged(tmp_path / "x.py")
    put_aside(tmp_path, tmp_path / "x.py")
    assert not (tmp_path / ".compiled-ai" / "x.py.orig").exists()


def test_a_copy_is_kept_to_the_byte(tmp_path):
    (tmp_path / "x.py").write_bytes(b"\xff\r\n")
    put_aside(tmp_path, tmp_path / "x.py")
    assert (tmp_path / ".compiled-ai" / "x.py.orig").read_bytes() == b"\xff\r\n"
