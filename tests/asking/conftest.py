from __future__ import annotations

import asked_projects
import pytest

from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.testing import write_project


@pytest.fixture
def write(tmp_path):
    """Write the project of `asked_projects` with changes of its spec, and return its settings."""

    def make(*changes, replies=asked_projects.REPLIES, url="http://127.0.0.1:9/v1"):
        spec = asked_projects.SPEC
        for old, new in changes:
            assert old in spec
            spec = spec.replace(old, new)
        return load_config(write_project(tmp_path / "example", asked_projects.files(spec, replies, url=url)))

    return make
