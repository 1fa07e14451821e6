from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pytest_compiled_ai.errors import SandboxError
from pytest_compiled_ai.sandbox.jail import shadow as module
from pytest_compiled_ai.sandbox.jail.listing import list_files
from pytest_compiled_ai.sandbox.jail.shadow import Shadow

FILES = (
    "pyproject.toml", "src/app.py", "src/app.pyc", "tests/test_app.py", ".env", "deploy/.env.production",
    ".compiled-ai/log", "src/__pycache__/app.pyc", ".venv/x.py", "env/pyvenv.cfg", "env/x.py",
    "node_modules/x.js", "build/x.py", ".hidden",
)  # fmt: skip


@pytest.fixture
def files(project: Path) -> Path:
    for name in FILES:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return project


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def copied(shadow: Shadow) -> set[str]:
    return {str(path.relative_to(shadow.root)) for path in shadow.root.rglob("*") if not path.is_dir()}


def test_without_git_what_no_test_needs_is_left_out(files) -> None:
    assert list_files(files) == [".hidden", "pyproject.toml", "src/app.py", "src/app.pyc", "tests/test_app.py"]


def test_with_git_its_files_are_taken(files, monkeypatch) -> None:
    git(files, "init")
    (files / ".gitignore").write_text("*.pyc\nenv/\n.venv/\nnode_modules/\n")
    git(files, "add", "pyproject.toml", "src/app.py")
    (files / "pyproject.toml").unlink()
    # A hook of git's own runs with these.
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    expected = [".gitignore", ".hidden", "build/x.py", "pyproject.toml", "src/app.py", "tests/test_app.py"]
    assert list_files(files) == expected
    with Shadow(files) as shadow:
        assert copied(shadow) == set(expected) - {"pyproject.toml"}


def test_with_git_another_repository_inside_is_walked(files) -> None:
    git(files, "init")
    inner = files / "vendored"
    inner.mkdir()
    git(inner, "init")
    (inner / "x.py").touch()
    git(inner, "add", ".")
    git(inner, "commit", "-m", "x")
    git(files, "add", "vendored")
    assert "vendored/x.py" in list_files(files)


def test_a_project_that_git_ignores_is_walked(files) -> None:
    git(files.parent, "init")
    (files.parent / ".gitignore").write_text("project/\n")
    assert "src/app.py" in list_files(files)


def test_without_the_git_program_it_is_walked(files, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "src/app.py" in list_files(files)


def test_the_copy_is_gone_afterwards(files) -> None:
    with Shadow(files) as shadow:
        assert shadow.root.name == files.name
        assert (shadow.root / "src" / "app.py").read_text() == "src/app.py"
    assert not shadow.root.parent.exists()
    shadow.close()


def test_a_shadow_that_fails_leaves_nothing(files, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "list_files", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Shadow(files)
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_large_files_are_linked_and_named(files) -> None:
    (files / "large.bin").write_bytes(b"x" * ((1 << 20) + 1))
    with Shadow(files) as shadow:
        assert shadow.linked == (files / "large.bin",)
        assert (shadow.root / "large.bin").is_symlink()
        shadow.put("large.bin", "small")
        assert (shadow.root / "large.bin").read_text() == "small"
    assert (files / "large.bin").stat().st_size > 1 << 20


def test_links_stay_inside(files, tmp_path) -> None:
    (tmp_path / "secret").write_text("secret")
    (files / "tests" / "inside.py").symlink_to("../src/app.py")
    (files / "folder").symlink_to(files / "src")
    (files / "outside").symlink_to(tmp_path / "secret")
    (files / "dangling").symlink_to("absent")
    os.mkfifo(files / "fifo")
    with Shadow(files) as shadow:
        assert (shadow.root / "tests" / "inside.py").resolve() == shadow.root / "src" / "app.py"
        assert (shadow.root / "folder" / "app.py").resolve() == shadow.root / "src" / "app.py"
        assert {"outside", "fifo"}.isdisjoint(copied(shadow))
        assert (shadow.root / "dangling").readlink() == Path("absent")


def test_files_are_put_and_removed(files) -> None:
    with Shadow(files) as shadow:
        shadow.put("src/generated/money.py", "x = 1\r\n")
        shadow.put("src/app.py", "changed")
        shadow.remove("tests/test_app.py")
        shadow.remove("tests/absent.py")
        assert (shadow.root / "src/generated/money.py").read_bytes() == b"x = 1\r\n"
        assert (shadow.root / "src/app.py").read_text() == "changed"
        assert not (shadow.root / "tests/test_app.py").exists()
    assert (files / "src/app.py").read_text() == "src/app.py"
    assert (files / "tests/test_app.py").exists()


@pytest.mark.parametrize("path", ["../x", "/etc/x", "src/../../x", "src/..", "", "out/x"])
def test_nothing_is_put_outside(files, path) -> None:
    with Shadow(files) as shadow:
        (shadow.root / "out").symlink_to(files)
        with pytest.raises(SandboxError, match="is no path inside the project"):
            shadow.put(path, "x")
        with pytest.raises(SandboxError):
            shadow.remove(path)
