from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_compiled_ai.artifacts.plan import (
    apply_changes,
    check_writable,
    plan_change,
    render_diff,
    write_atomically,
)
from pytest_compiled_ai.errors import ConfigError


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_plan_is_shown_as_a_diff_and_then_written(tmp_path):
    (tmp_path / "a.py").write_text("one\ntwo\n")
    (tmp_path / "c.py").write_text("same\n")
    texts = {"a.py": "one\n2\n", "deep/b.py": "new\n", "c.py": "same\n"}
    changes = [plan_change(tmp_path / name, text) for name, text in texts.items()]
    assert [change.is_needed for change in changes] == [True, True, False]
    diff = render_diff(changes, tmp_path)
    assert "--- a/a.py\n+++ b/a.py\n" in diff
    assert "-two\n+2\n" in diff
    assert "--- /dev/null\n+++ b/deep/b.py\n" in diff
    assert "c.py" not in diff
    untouched = (tmp_path / "c.py").stat().st_mtime_ns
    apply_changes(changes)
    assert {name: (tmp_path / name).read_text() for name in texts} == texts
    assert (tmp_path / "c.py").stat().st_mtime_ns == untouched
    assert names_in(tmp_path / "deep") == ["b.py"]


@settings(max_examples=15, deadline=None)
@given(old=st.text("ab\n", max_size=20), new=st.text("äb\n", max_size=20))
def test_a_failing_replace_leaves_the_old_text(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("plan")
    path = folder / "x.py"
    path.write_text(old, encoding="utf-8")

    def fail(*_):
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        if plan_change(path, new).is_needed:
            with pytest.raises(ConfigError, match="No space left on device"):
                apply_changes([plan_change(path, new)])
    assert path.read_text(encoding="utf-8") == old
    assert names_in(folder) == ["x.py"]
    write_atomically(path, new)
    assert path.read_text(encoding="utf-8") == new


def test_an_interruption_leaves_no_temporary_file(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "x.py", "new")
    assert names_in(tmp_path) == []


def test_stale_bytecode_is_dropped(tmp_path):
    path = tmp_path / "x.py"
    compiled = Path(importlib.util.cache_from_source(str(path)))
    compiled.parent.mkdir()
    compiled.touch()
    write_atomically(path, "new")
    assert not compiled.exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written"):
        write_atomically(tmp_path / "file" / "x.py", "new")
    with pytest.raises(ConfigError, match="so no artifact could be kept"):
        check_writable(tmp_path / "file" / "deep")


def test_a_folder_that_will_be_made_is_writable_if_its_parent_is(tmp_path):
    check_writable(tmp_path / "not" / "yet")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        (b"one\r\ntwo\r\n", "1\n2\n", b"1\r\n2\r\n"),
        (b"one\r\n", "1\r\n2\r\n", b"1\r\n2\r\n"),
        (b"one\ntwo\r\n", "1\n", b"1\n"),
        (b"", "1\n", b"1\n"),
        (None, "1\n", b"1\n"),
    ],
)
def test_a_file_keeps_its_line_ends(tmp_path, old, new, written):
    path = tmp_path / "x.py"
    if old is not None:
        path.write_bytes(old)
    write_atomically(path, new)
    assert path.read_bytes() == written


def test_what_is_no_text_is_replaced_as_well(tmp_path):
    path = tmp_path / "x.py"
    path.write_bytes(b"\xff\n")
    apply_changes([plan_change(path, "new\n")])
    assert path.read_text() == "new\n"
