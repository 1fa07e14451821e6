"""A project on disk, made of texts."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_compiled_ai.config import Config, load_config
from pytest_compiled_ai.specs.digest import digest_of, tests_of
from pytest_compiled_ai.specs.discover import discover
from pytest_compiled_ai.specs.graph import Graph
from pytest_compiled_ai.specs.model import Digest, Discovery, SpecFile, Stub
from pytest_compiled_ai.specs.namespace import Namespace, namespace_of


@dataclass(frozen=True, kw_only=True)
class Project:
    """A folder with spec files; every question reads it anew."""

    root: Path

    def write(self, relative: str, text: str) -> Path:
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def edit(self, relative: str, old: str, new: str) -> None:
        path = self.root / relative
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    @property
    def config(self) -> Config:
        return load_config(self.root)

    def discover(self) -> Discovery:
        return discover(self.config)

    def messages(self) -> list[str]:
        return [problem.message for problem in self.discover().problems]

    def stub(self, name: str) -> tuple[SpecFile, Stub, tuple[SpecFile, ...]]:
        files = self.discover().files
        file, stub = next((file, stub) for file in files for stub in file.stubs if stub.name == name)
        return file, stub, files

    def namespace(self, name: str) -> Namespace:
        file, stub, files = self.stub(name)
        return namespace_of(file, stub, files)

    def digest(self, name: str) -> Digest:
        file, stub, files = self.stub(name)
        return digest_of(stub, file, Graph(self.config, files))

    def parts(self, name: str) -> set[str]:
        return set(self.digest(name).parts)

    def tests(self, name: str) -> dict[str, frozenset[str]]:
        file, stub, files = self.stub(name)
        return {ref.id: ref.reaches for ref in tests_of(stub, file, Graph(self.config, files))}


@pytest.fixture
def project(tmp_path: Path) -> Callable[[Mapping[str, str]], Project]:
    """Make a project out of file names and texts; a pyproject.toml is added."""

    def make(files: Mapping[str, str]) -> Project:
        made = Project(root=tmp_path)
        for relative, text in {"pyproject.toml": "[tool.compiled-ai]\n", **files}.items():
            made.write(relative, text)
        return made

    return make
