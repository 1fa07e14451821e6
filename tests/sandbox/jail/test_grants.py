from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_compiled_ai.sandbox.jail.grants import machine_grants, search_path


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def venv(project, monkeypatch) -> Path:
    """A virtual environment inside the project."""
    venv = project / ".venv"
    (venv / "lib" / "site-packages").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(venv))
    monkeypatch.setattr(sys, "exec_prefix", str(venv))
    return venv


def test_the_interpreter_is_readable_and_the_project_is_not(home, project) -> None:
    readable = machine_grants(project).readable
    assert {"/usr", str(Path(sys.prefix).resolve()), str(Path(sys.base_prefix).resolve())} <= set(readable)
    assert not any(project.is_relative_to(path) or home.is_relative_to(path) for path in readable)
    assert machine_grants(project).writable == ("/dev/null", "/dev/zero", "/dev/full")


def test_a_virtual_environment_inside_the_project_is_readable(home, project, venv, monkeypatch) -> None:
    monkeypatch.setattr(sys, "path", [str(venv / "lib" / "site-packages")])
    readable = machine_grants(project).readable
    assert str(venv) in readable
    assert str(project) not in readable
    assert search_path(project, Path("/shadow")) == (str(venv / "lib" / "site-packages"),)


def test_a_granted_folder_that_holds_the_project_is_granted_around_it(home, tmp_path, monkeypatch) -> None:
    base = tmp_path / "base"
    for name in ("lib", "src/app", "src/other", "bin"):
        (base / name).mkdir(parents=True)
    (base / "src" / "link").symlink_to(base / "src" / "app")
    monkeypatch.setattr(sys, "base_prefix", str(base))
    readable = machine_grants(base / "src" / "app").readable
    granted = {path for path in readable if path.startswith(str(base))}
    assert granted == {str(base / "bin"), str(base / "lib"), str(base / "src" / "other")}


def test_of_a_folder_on_the_path_only_what_is_importable_is_readable(home, project, tmp_path, monkeypatch) -> None:
    entry = tmp_path / "elsewhere"
    for name in ("package", "package-1.0.dist-info", ".git", ".ssh", "no-package", "env"):
        (entry / name).mkdir(parents=True)
    (entry / "env" / "pyvenv.cfg").touch()
    for name in ("module.py", "fast.so", ".env", "key.pem"):
        (entry / name).touch()
    archive = tmp_path / "archive.zip"
    archive.touch()
    monkeypatch.setattr(sys, "path", [str(entry), str(archive), str(tmp_path / "absent")])
    grants = machine_grants(project)
    names = {path.removeprefix(f"{entry}/") for path in grants.readable if path.startswith(str(entry))}
    assert names == {"package", "package-1.0.dist-info", "module.py", "fast.so"}
    assert {str(archive), str(tmp_path / "absent")} <= set(grants.readable)
    assert grants.listed == (str(entry),)


def test_a_folder_on_the_path_that_holds_too_much_is_closed(home, project, tmp_path, monkeypatch) -> None:
    for name in ("home/documents", "temporary/other", "documents"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(home)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(sys, "path", [str(tmp_path / name) for name in (".", "home", "temporary", "link")])
    grants = machine_grants(project)
    assert grants.listed == ()
    assert not any(path.startswith(str(tmp_path)) for path in grants.readable)


def test_a_folder_on_the_path_that_holds_the_project_is_open_around_it(home, tmp_path, monkeypatch) -> None:
    for name in ("all/project", "all/library"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "all")])
    readable = machine_grants(tmp_path / "all" / "project").readable
    assert [path for path in readable if path.startswith(str(tmp_path))] == [str(tmp_path / "all" / "library")]


def test_the_projects_own_entries_are_moved_and_come_first(project, tmp_path, monkeypatch) -> None:
    (project / "src").mkdir()
    linked = tmp_path / "linked"
    linked.symlink_to(project / "src")
    monkeypatch.chdir(project)
    monkeypatch.setattr(sys, "path", ["/first", "", str(project / "src"), str(linked), "/last", "/first"])
    assert search_path(project, Path("/shadow")) == ("/shadow", "/shadow/src", "/first", "/last")


def test_what_is_installed_inside_the_project_is_not_moved(project, monkeypatch) -> None:
    entry = str(project / "__pypackages__" / "3.11" / "lib")
    monkeypatch.setattr(sys, "path", [entry])
    assert search_path(project, Path("/shadow")) == (entry,)
