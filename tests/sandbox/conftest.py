from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pytest_compiled_ai.sandbox.jail.grants import machine_grants, search_path
from pytest_compiled_ai.sandbox.jail.job import Job, Outcome
from pytest_compiled_ai.sandbox.jail.process import run
from pytest_compiled_ai.sandbox.jail.scratch import Scratch
from pytest_compiled_ai.sandbox.jail.shadow import Shadow
from pytest_compiled_ai.sandbox.jail.tier import detect_tier
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.suite.results import TestRun
from pytest_compiled_ai.sandbox.suite.run import run_tests

Jailed = Callable[..., Outcome]
Suite = Callable[..., TestRun]


@pytest.fixture
def sealed() -> None:
    """Skip where the kernel has no Landlock or no seccomp; a jail that is there and leaks is a failure."""
    tier = detect_tier()
    if not tier.confinement.landlock or not tier.confinement.seccomp:
        pytest.skip(f"this kernel has no Landlock or no seccomp ({tier})")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def jailed(project: Path) -> Jailed:
    """Run a piece of code in the jail, as a module of its own."""

    def run_code(code: str, limits: Limits | None = None, **names: object) -> Outcome:
        with Scratch() as scratch:
            given = "".join(f"{name} = {value!r}\n" for name, value in names.items())
            (scratch.given / "candidate.py").write_text(given + textwrap.dedent(code))
            job = Job(
                module="candidate",
                folder=scratch.tmp,
                scratch=scratch,
                path=(str(scratch.given), *search_path(project, scratch.given)),
                grants=machine_grants(project),
                limits=limits or Limits(startup=20.0),
            )
            outcome = run(job)
        assert not scratch.root.exists()
        return outcome

    return run_code


@pytest.fixture
def suite(project: Path) -> Suite:
    """Run the tests of a small project in the jail; the files are given by name, with the text of each."""

    def run_suite(files: Mapping[str, str], **options: Any) -> TestRun:
        for name, text in files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        with Shadow(project) as shadow:
            return run_tests(
                shadow, **{"paths": [name for name in files if Path(name).name.startswith("test_")], **options}
            )

    return run_suite
