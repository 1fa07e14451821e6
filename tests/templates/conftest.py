"""Projects with templates: a spec file, the module of its types, and what a template sees of a stub."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from template_types import TYPES

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.templates.form import Form, read_form
from pytest_compiled_ai.testing import write_project


@pytest.fixture
def project_of(tmp_path: Path) -> Callable[..., Project]:
    """Write a project of one spec file, and its types unless others are given."""

    def make(spec: str, types: str = TYPES, **files: str) -> Project:
        written = {"specs/it.py": spec, "src/app/__init__.py": "", "src/app/types.py": types, **files}
        return Project(load_config(write_project(tmp_path / "example", written)))

    return make


@pytest.fixture
def form_of(project_of: Callable[..., Project]) -> Callable[..., Form]:
    """Return the form of the first stub of a spec file."""

    def make(spec: str, *args: Any, **more: Any) -> Form:
        project = project_of(spec, *args, **more)
        (file,) = project.files
        return read_form(project.config, project.subject(file, file.stubs[0]))

    return make
