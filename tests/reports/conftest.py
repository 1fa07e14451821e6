from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from report_projects import Sample, make_sample


@pytest.fixture(scope="session")
def first_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample(tmp_path_factory.mktemp("sample") / "example").root


@pytest.fixture
def sample(first_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sample:
    """Return a project with a commit, as the current folder."""
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)
    root = tmp_path / "example"
    shutil.copytree(first_sample, root)
    monkeypatch.chdir(root)
    return Sample(root)
