"""Whether a spec whose body may ask a model can be compiled, and what a prompt and a report say of it."""

from __future__ import annotations

from pytest_compiled_ai.artifacts.module import Import, read_imports
from pytest_compiled_ai.asking.declaration import Question, read_question
from pytest_compiled_ai.asking.helpers import LIBRARIES, MODULE, asked_in
from pytest_compiled_ai.asking.replies import read_recording, replies_name, replies_path
from pytest_compiled_ai.compiler.workshop import declared_names
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.specs.imports import plain_imports
from pytest_compiled_ai.specs.model import SpecLineError
from pytest_compiled_ai.specs.scopes import bound_names


def fit_question(config: Config, subject: Subject) -> None:
    """Make sure that a spec with a `runtime_model` can ask, and that there is something to answer it in tests.

    Raises:
        SpecError: it cannot.
    """
    if not subject.stub.options.runtime_model:
        return
    file, question = subject.file, check_asking(config, subject)
    record = f"run `compiled-ai record {file.relative}`"
    if not replies_path(file).exists():
        raise SpecError(f"{replies_name(file)} is missing: no reply to {question.name} is recorded; {record}.")
    if read_recording(file).question not in {"", question.hash}:
        said = f"{replies_name(file)} was recorded before {question.name} asked what it asks now"
        raise SpecError(f"{said}; {record}.")


def check_asking(config: Config, subject: Subject) -> Question:
    """Return the question that the bodies of a spec with a `runtime_model` may ask.

    Raises:
        SpecLineError: there is none, or it cannot be asked.
    """
    file, stub = subject.file, subject.stub
    question = read_question(file)
    reason = _find_misfit(config, subject, question)
    if reason or question is None:
        raise SpecLineError(file.relative, stub.line, f"{stub.name} has a runtime_model, {reason}.")
    return question


def describe_question(subject: Subject) -> str:
    """Return what a prompt says of the question that a body may ask; "" where it may ask none."""
    asked = asked_in(subject.helpers)
    return (
        f"`{asked.name}` asks a language model. Call it at one place, not in a loop, with values that you were given."
        if asked
        else ""
    )


def note_question(subject: Subject) -> tuple[str, ...]:
    """Return what a report says of the question that a body may ask."""
    question = read_question(subject.file) if asked_in(subject.helpers) else None
    if question is None:
        return ()
    who = subject.stub.options.runtime_model
    return (f"may ask a model while it runs: {question.name} of {who!r}; without a model {question.fallback}",)


def _find_misfit(config: Config, subject: Subject, question: Question | None) -> str:
    file, stub = subject.file, subject.stub
    if question is None:
        return f"and {file.relative} has no question: write one below @ask(fallback=...)"
    if stub.methods:
        return "which is for functions, and it is a class"
    if others := {other.options.runtime_model for other in file.stubs} - {"", stub.options.runtime_model}:
        return f"and another spec of the file has {min(others)!r}: a file has one"
    if absent := sorted(LIBRARIES - declared_names(config)):
        return f"which needs {' and '.join(absent)}: add that to [project] dependencies, and install it"
    if taken := sorted(_find_taken(subject)):
        return f"and {file.relative} has a {taken[0]} of its own, which the runtime needs: rename it"
    return ""


def _find_taken(subject: Subject) -> set[str]:
    """Return the names of the runtime that mean another thing in the spec file."""
    parts = [helper for helper in subject.helpers if helper.module == MODULE and not helper.is_offered]
    needed: dict[str, Import | None] = {part.name: None for part in parts}
    needed |= {item.bound: item for part in parts for item in part.imports}
    imports = {item.bound: item for node in plain_imports(subject.file.tree) for item in read_imports(node)}
    own = bound_names(*subject.file.tree.body)
    return {name for name, item in needed.items() if name in own and (item is None or imports.get(name) != item)}
