import os
from pathlib import Path

import pytest

from pytest_compiled_ai.validation import archive
from pytest_compiled_ai.validation.archive import Archive, discard, pack, unpack


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    (root / "specs").mkdir(parents=True)
    (root / "specs/a.py").write_text("A = 'é'\n", encoding="utf-8")
    (root / "run.sh").write_text("exit 0\n", encoding="utf-8")
    (root / "run.sh").chmod(0o755)
    (root / ".env").write_text("KEY=secret\n", encoding="utf-8")
    (root / ".compiled-ai").mkdir()
    (root / ".compiled-ai/kept.json").write_text("{}", encoding="utf-8")
    (root / "link.py").symlink_to("specs/a.py")
    outside = tmp_path / "outside.txt"
    outside.write_text("not yours\n", encoding="utf-8")
    (root / "leak.txt").symlink_to(outside)
    return root


@pytest.fixture(autouse=True)
def _cleared(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield
    archive._discard_all()


def files_in(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_project_travels_without_its_secrets_and_without_what_is_not_its_own(project):
    found = files_in(unpack(pack(project)))
    text = (project / "specs/a.py").read_bytes()
    assert found == {"specs/a.py": text, "link.py": text, "run.sh": b"exit 0\n"}


def test_what_may_be_run_stays_so(project):
    root = unpack(pack(project))
    assert os.access(root / "run.sh", os.X_OK)
    assert not (root / "specs/a.py").stat().st_mode & 0o100


def test_the_same_files_make_the_same_archive_and_others_make_another(project):
    before = pack(project)
    os.utime(project / "specs/a.py", (1, 1))
    assert pack(project) == before
    (project / "specs/a.py").write_text("A = 2\n", encoding="utf-8")
    assert pack(project).name != before.name


def test_a_damaged_archive_is_refused(project):
    packed = pack(project)
    with pytest.raises(ValueError, match="damaged"):
        unpack(Archive(name=packed.name, data=packed.data[:-1] + b"x"))


def test_each_unpacking_has_a_folder_of_its_own_that_others_cannot_read(project):
    packed = pack(project)
    first, second = unpack(packed), unpack(packed)
    assert first != second
    assert first.stat().st_mode & 0o077 == 0


def test_what_is_discarded_is_gone_and_another_folder_stays(project, tmp_path):
    packed = pack(project)
    first, second = unpack(packed), unpack(packed)
    discard(first)
    discard(project)
    assert (first.exists(), second.exists(), project.exists()) == (False, True, True)
    archive._discard_all()
    assert not second.exists()
