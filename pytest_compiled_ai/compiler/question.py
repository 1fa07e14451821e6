"""What is asked first about a spec of a project: the stub, and the source of the tests that gate it."""

from __future__ import annotations

import ast
from dataclasses import replace

from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.prompt import read_sources, write_prompt
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.providers.base import Message
from pytest_compiled_ai.specs.model import SpecFile, Stub


def make_prompt(config: Config, subject: Subject) -> tuple[Message, ...]:
    """Return the first messages about a stub, with the source of the tests that gate it."""
    names = dict.fromkeys(
        test.partition("[")[0].partition("::")[2] for test in subject.tests if not is_example(subject, test)
    )
    sources = read_sources(subject.file.tree, subject.file.source, names)
    for path in subject.test_paths[1:]:
        text = (config.root / path).read_text(encoding="utf-8")
        sources += read_sources(ast.parse(text), text, names)
    return write_prompt(subject, sources)


def is_example(subject: Subject, test: str) -> bool:
    """Return whether a test is the examples of the stub's own docstring, which stand in the prompt anyway."""
    return test == subject.stub.id


def first_prompt(project: Project, file: SpecFile, stub: Stub) -> tuple[Message, ...]:
    """Return what would be asked first about a stub, without opening a workshop.

    Raises:
        SpecError: the stub cannot be compiled as it stands.
    """
    subject = project.subject(file, stub)
    subject = replace(subject, tests=tuple(ref.id for ref in project.tests(file, stub)))
    return make_prompt(project.config, subject)
