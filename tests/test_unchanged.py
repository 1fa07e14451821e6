"""What was found in order is looked at no more while it is the same, and looked at again after any edit that counts."""

from __future__ import annotations

import time
from pathlib import Path
from unittest.mock import patch

import freshness_edits
import pytest
from freshness_edits import EDITS, Edit, add
from freshness_project import copy_project, make_project

from pytest_compiled_ai import checking
from pytest_compiled_ai.checking import remember_states
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.unchanged import FOLDER_VARIABLE, is_unchanged, remember

LATER = 10**9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "project"
    make_project(root)
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose specs are fresh, and a folder to remember it in."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "checked"))
    copy_project(made, tmp_path / "project")
    return tmp_path / "project"


def look_and_remember(root: Path, since: int | None = None) -> None:
    project = Project(load_config(root))
    assert all(getattr(found, "state", "") == "fresh" for found in checking.look_at(project))
    remember(project, time.time_ns() + LATER if since is None else since)


def test_what_is_the_same_is_looked_at_no_more(root: Path) -> None:
    assert not is_unchanged(load_config(root))
    look_and_remember(root)
    assert is_unchanged(load_config(root))
    with patch.object(checking, "Project", side_effect=AssertionError("it was read")):
        remember_states(load_config(root))


COUNTS = [edit for edit in EDITS if edit.state not in {"fresh", "orphaned"} or edit.others]


@pytest.mark.parametrize("edit", COUNTS, ids=lambda edit: f"{edit.group}: {edit.what}")
def test_every_edit_that_counts_is_seen(root: Path, edit: Edit) -> None:
    look_and_remember(root)
    edit.change(root)
    assert not is_unchanged(load_config(root))


def test_there_are_such_edits() -> None:
    assert len(COUNTS) > 30
    assert len(COUNTS) < len(freshness_edits.EDITS)


@pytest.mark.parametrize(
    "path",
    [
        "data/more.json",
        "specs/more.py",
        "specs/conftest.py",
        "tests/__init__.py",
        "app/models/__init__.py",
        "specs/app.py",
    ],
)
def test_a_new_file_that_may_count_is_seen(root: Path, path: str) -> None:
    assert not (root / path).exists()
    look_and_remember(root)
    (root / path).parent.mkdir(exist_ok=True)
    add(path, "{}\n")(root)
    assert not is_unchanged(load_config(root))


def test_what_counts_for_no_spec_changes_nothing(root: Path) -> None:
    look_and_remember(root)
    add("README.md", "More.\n")(root)
    add("app/unused.py", "x = 1\n")(root)
    assert is_unchanged(load_config(root))


def test_other_settings_are_looked_at_anew(root: Path) -> None:
    look_and_remember(root)
    assert not is_unchanged(load_config(root)._replace(specs=("specs", "app")))


def test_a_file_that_changed_while_it_was_read_is_not_remembered(root: Path) -> None:
    look_and_remember(root, since=0)
    assert not is_unchanged(load_config(root))


def test_what_is_not_in_order_is_not_remembered(root: Path) -> None:
    add("specs/rates.py", '\n\n@spec\ndef more() -> int:\n    """Return more.\n\n    >>> more()\n    2\n    """\n')(
        root
    )
    remember_states(load_config(root))
    assert not is_unchanged(load_config(root))


def test_a_compile_remembers_what_it_leaves_in_order(root: Path) -> None:
    time.sleep(0.05)
    remember_states(load_config(root))
    assert is_unchanged(load_config(root))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"seen": 3, "data": []}', '{"seen": ["\\u0000"], "data": []}']
)
def test_a_damaged_memory_is_none(root: Path, tmp_path: Path, text: str) -> None:
    look_and_remember(root)
    (kept,) = (tmp_path / "checked").iterdir()
    kept.write_text(text, encoding="utf-8")
    assert not is_unchanged(load_config(root))


def test_without_a_folder_nothing_is_remembered_and_nothing_raised(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, "/dev/null/checked")
    look_and_remember(root)
    assert not is_unchanged(load_config(root))


def test_it_is_kept_in_the_users_cache_folder(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    look_and_remember(root)
    assert is_unchanged(load_config(root))
    assert len(list((tmp_path / "home" / "compiled-ai" / "checked").iterdir())) == 1
