"""A project with as many compiled specs as are asked for, and its twin: the same tests on hand-written functions."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.scale.specs import KINDS, Example, make_example
from pytest_compiled_ai.artifacts.module import render_module
from pytest_compiled_ai.artifacts.provenance import read_records, record_path, render_records
from pytest_compiled_ai.compiler.approval import PACKAGE
from pytest_compiled_ai.compiler.assembly import assemble
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.specs.model import SpecFile
from pytest_compiled_ai.testing import ScriptedProvider

PER_FILE = 10
"""Specs in a file, unless said otherwise."""
_REAL = len(KINDS)
"""Specs that go through the whole compile: one of each kind."""
_SETTINGS = """[project]
name = "many"
version = "0"
requires-python = ">=3.11"

[tool.compiled-ai]
specs = ["specs"]
generated = "src/generated"
provider = "openai"
model = "scripted"
base_url = "{url}"
concurrency = 1
held_out = 0
timeout = 60

[tool.pytest.ini_options]
testpaths = ["specs"]
pythonpath = ["src", "."]
"""
_TWIN = """[tool.pytest.ini_options]
testpaths = ["checks"]
python_files = ["checks/*.py"]
pythonpath = ["src", "."]
"""
_NOBODY = "http://127.0.0.1:9/v1"


class Shape(NamedTuple):
    """How many specs a project has, and how many of them stand in a file."""

    specs: int
    per_file: int = PER_FILE

    @property
    def examples(self) -> tuple[Example, ...]:
        """The specs, in the order of their files."""
        return tuple(map(make_example, range(self.specs)))

    @property
    def files(self) -> Mapping[str, Sequence[Example]]:
        """The specs of each file, by its name without the ending."""
        rest = iter(self.examples)
        count = -(-self.specs // self.per_file)
        return {f"part_{number:04}": tuple(islice(rest, self.per_file)) for number in range(count)}


def write_specs(root: Path, shape: Shape, url: str = _NOBODY) -> None:
    """Write a project whose specs have no body; `url` is where its model is asked."""
    write(root / "pyproject.toml", _SETTINGS.format(url=url))
    for name, examples in shape.files.items():
        blocks = [f"@spec\n{example.stub}\n\n{example.tests}" for example in examples]
        write(root / "specs" / f"{name}.py", "\n\n".join(["from pytest_compiled_ai import spec\n", *blocks]))


def write_twin(root: Path, shape: Shape) -> None:
    """Write the same tests, and by hand the functions that they test."""
    write(root / "pyproject.toml", _TWIN)
    write(root / "src/handwritten/__init__.py", '"""Written by hand."""\n')
    for name, examples in shape.files.items():
        imports = ", ".join(example.name for example in examples)
        tests = [f"from handwritten.{name} import {imports}\n", *(example.tests for example in examples)]
        write(root / "checks" / f"{name}.py", "\n\n".join(tests))
        write(root / "src/handwritten" / f"{name}.py", "\n\n".join(example.function for example in examples))


def write_compiled(root: Path, shape: Shape) -> None:
    """Write a project whose specs are all fresh.

    One of each kind is compiled, by a provider that says what is right. The bodies of the others are put into their
    artifacts as the compiler does it, with the record of the one of their kind.
    """
    write_specs(root, shape)
    compile_first(root, shape)
    project = Project(load_config(root))
    first = project.files[0]
    models = list(read_records(record_path(first.target)).values()) or [{}]
    by_name = {example.name: example for example in shape.examples}
    for file in project.files:
        _put(project, file, by_name, models)


def compile_first(root: Path, shape: Shape) -> None:
    """Compile one spec of each kind, every gate included."""
    replies = [f"```python\n{example.function}```" for example in shape.examples[:_REAL]]
    log = io.StringIO()
    compiler = Compiler(Project(load_config(root)), lambda: (ScriptedProvider(*replies),), TerminalWatcher(log))
    if compiler.compile(only=f"*_0000[0-{_REAL - 1}]").failed:
        raise SystemExit(f"benchmarks.scale: the specs that are to be copied did not compile:\n{log.getvalue()}")


def write(path: Path, text: str) -> None:
    """Write a file of a project."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _put(
    project: Project, file: SpecFile, examples: Mapping[str, Example], models: Sequence[Mapping[str, Any]]
) -> None:
    artifact = project.artifact(file) or project.blank(file)
    records: dict[str, Mapping[str, Any]] = dict(read_records(record_path(file.target)))
    for stub in file.stubs:
        if artifact.section(stub.name):
            continue
        digest = project.standing(file, stub).digest
        body = Body(text=examples[stub.name].body + "\n", imports=())
        artifact = assemble(artifact, project.subject(file, stub), body, digest.value)
        section = artifact.section(stub.name)
        assert section is not None
        records[stub.name] = {
            **models[int(stub.name[-5:]) % len(models)],
            "digest": digest.value,
            "body_hash": section.body_hash,
            "inputs": digest.parts,
            "tests": [ref.id for ref in project.tests(file, stub)],
        }
    write(file.target.parent / "__init__.py", PACKAGE)
    write(file.target, render_module(artifact))
    write(record_path(file.target), render_records(records))
