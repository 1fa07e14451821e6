"""A project on disk to compile, and a watcher that remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from doubles import NearRunner, NoMypy
from near_sites import sites_here

from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import Body
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.base import Candidate, Subject
from pytest_compiled_ai.gates.mypy_process import MypyProcess
from pytest_compiled_ai.providers.base import Provider
from pytest_compiled_ai.reports.model import RunReport, SpecResult
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.testing import write_project


@pytest.fixture(scope="session")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one cache for all runs of mypy: reading the standard library anew takes seconds each time."""
    return tmp_path_factory.mktemp("mypy")


@pytest.fixture(autouse=True)
def _quick_mypy(mypy_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "MypyProcess", lambda root, python, _: MypyProcess(root, python, mypy_cache))


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run neither oracle, jail nor mypy: for tests of the loop itself."""
    monkeypatch.setattr(workshop, "TieredRunner", NearRunner)
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)


@pytest.fixture
def side_by_side(near: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Judge in this process what would be judged in validating processes: for tests of the lanes."""
    with sites_here(monkeypatch):
        yield


@pytest.fixture(scope="session")
def sealed() -> None:
    """Skip where the machine cannot seal a worker."""
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")


class Recorder:
    """Remembers what it is told, as (method, arguments)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args: self.calls.append((name, args))

    def named(self, name: str) -> list[tuple[Any, ...]]:
        return [args for called, args in self.calls if called == name]

    @property
    def refusals(self) -> list[str]:
        return [reason for _, reason in self.named("attempt_failed")]


@dataclass
class Bench:
    """A project and what it takes to compile it."""

    root: Path
    watcher: Recorder = field(default_factory=Recorder)

    def project(self, **flags: Any) -> Project:
        return Project(load_config(self.root, **flags))

    def compile(
        self, provider: Provider, *, only: str | None = None, force: bool = False, **flags: Any
    ) -> dict[str, SpecResult]:
        report = self.report(provider, only=only, force=force, **flags)
        return {result.id.partition("::")[2]: result for result in report.results}

    def report(self, provider: Provider, *, only: str | None = None, force: bool = False, **flags: Any) -> RunReport:
        self.watcher = Recorder()
        # A busy machine must not be taken for an endless body.
        flags = {"timeout": 240, **flags}
        return Compiler(self.project(**flags), lambda: (provider,), self.watcher).compile(only=only, force=force)

    def subject(self, name: str) -> Subject:
        project = self.project()
        return project.subject(*project.find(name))

    def tested(self, name: str) -> Subject:
        project = self.project()
        file, stub = project.find(name)
        return replace(project.subject(file, stub), tests=tuple(ref.id for ref in project.tests(file, stub)))

    def candidate(self, name: str, body: str) -> tuple[Candidate, Subject]:
        project, subject = self.project(), self.tested(name)
        written = Body(text=body, imports=())
        artifact = project.artifact(subject.file) or project.blank(subject.file)
        return cut_candidate(assemble(artifact, subject, written, "v1:0"), subject, written), subject

    def read(self, relative: str) -> str:
        return (self.root / relative).read_text(encoding="utf-8")

    def write(self, relative: str, text: str) -> None:
        (self.root / relative).write_text(text, encoding="utf-8")

    def edit(self, relative: str, old: str, new: str) -> None:
        text = self.read(relative)
        assert old in text
        self.write(relative, text.replace(old, new))

    def tree(self, folder: str = "src") -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted((self.root / folder).rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def bench(tmp_path: Path) -> Callable[[Mapping[str, str]], Bench]:
    """Write a project of files and texts, and return what compiles it."""
    return lambda files: Bench(write_project(tmp_path / "example", files))


@pytest.fixture(scope="module")
def shared_bench(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str]], Bench]:
    """Do as `bench` does, once for all tests of a module."""
    return lambda files: Bench(write_project(tmp_path_factory.mktemp("shared") / "example", files))
