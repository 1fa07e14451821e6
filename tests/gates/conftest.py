"""Candidates cut from replies, as the loop cuts them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import read_reply
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.testing import fenced, make_reply, write_project

SPEC = '''
    from decimal import Decimal
    from app.types import Money

    from pytest_compiled_ai import spec

    LIMIT = 3

    @spec
    def f(n: int) -> int:
        """Return n.

        >>> f(1)
        1
        """
'''
Cut = Callable[..., tuple[Candidate, Subject]]


@pytest.fixture(scope="session")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one cache for all processes: reading the standard library anew takes seconds each time."""
    return tmp_path_factory.mktemp("mypy") / "cache"


@pytest.fixture
def cut(tmp_path: Path) -> Cut:
    """Return the candidate that a reply makes, and its subject; `body` is put under the stub's own header."""

    def make(body: str = "return n", *, before: str = "", spec: str = SPEC) -> tuple[Candidate, Subject]:
        project = Project(load_config(write_project(tmp_path / "example", {"specs/it.py": spec})))
        (file,) = project.files
        subject = project.subject(file, file.stubs[0])
        header = file.stubs[0].header
        code = before + header + "\n    " + body.replace("\n", "\n    ")
        written = read_reply(make_reply(fenced(code)), file.stubs[0])
        return cut_candidate(assemble(project.blank(file), subject, written, "v1:0"), subject, written), subject

    return make
