"""What is asked first about a spec of a project: the stub, and the source of the tests that gate it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pytest_compiled_ai.asking.fitting import describe_question
from pytest_compiled_ai.asking.helpers import asked_in
from pytest_compiled_ai.compiler.held_out import Source, hold_out, read_tests, show_file
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.prompt import read_sources, write_prompt
from pytest_compiled_ai.compiler.reply import head_of
from pytest_compiled_ai.compiler.shown import show_stub
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.golden.labels import read_labels
from pytest_compiled_ai.golden.showing import choose_shown, write_row, write_shown
from pytest_compiled_ai.policies.packs.fitting import describe_packs
from pytest_compiled_ai.providers.base import THIS_MACHINE, Message, Request
from pytest_compiled_ai.screens.gate import explain_refusal, screen_prompt
from pytest_compiled_ai.screens.model import Part
from pytest_compiled_ai.specs.model import SpecFile, Stub
from pytest_compiled_ai.templates.block import describe_template
from pytest_compiled_ai.templates.examples import read_examples


def make_prompt(config: Config, subject: Subject) -> tuple[Message, ...]:
    """Return the first messages about a stub, with the source of the tests that gate it, but for what is held out."""
    files = [show_file(file, subject) for file in read_tests(config, subject)]
    shown = replace(subject, stub=show_stub(subject))
    labels = read_labels(config.root, subject)
    labelled = [write_shown(labels, subject.stub.name)] if labels else []
    sources = [*(text for _, _, text in _test_sources(files, subject)), *filter(None, labelled)]
    examples = read_examples(subject.stub.name, shown.stub.docstring, sources)
    told = (describe_template(config, subject, examples), describe_packs(config, subject), describe_question(subject))
    return write_prompt(shown, sources, "\n\n".join(filter(None, told)))


def screen_question(config: Config, subject: Subject, where: str) -> tuple[str, ...]:
    """Return a line for each thing in a spec that gives the input gate a thought, before it is asked about.

    Args:
        config: the project's; its `allow` names what may be sent.
        subject: the spec.
        where: where prompts go; what stays on this machine may hold a secret.

    Raises:
        SpecError: it must not be sent.
    """
    stub, file = subject.stub, subject.file
    # All lines of a class: its methods' docstrings and its author's own code are sent, too.
    lines = file.source.splitlines()[stub.node.lineno - 1 : stub.node.end_lineno]
    parts = [Part(label=file.relative, text="\n".join(lines), first_line=stub.node.lineno)]
    parts += [_part_of(used) for used in subject.used]
    # The words of a question are the spec's own.
    helpers = {helper.name for helper in subject.helpers if helper != asked_in(subject.helpers)}
    parts += [Part(label=file.relative, text=text) for name, text in subject.constants.items() if name not in helpers]
    sources = _test_sources(read_tests(config, subject), subject)
    parts += [Part(label=path, text=text, first_line=line) for path, line, text in sources]
    labels = read_labels(config.root, subject)
    rows = choose_shown(labels) if labels else ()
    parts += [Part(label=r.path, text=write_row(r, stub.name), origin="data", first_line=r.line) for r in rows]
    parts += [Part(label=file.relative, text=describe_template(config, subject), first_line=stub.node.lineno)]
    return _screen(config, parts, where)


def screen_feedback(config: Config, request: Request, where: str) -> None:
    """Make sure that what the tests and the model have said may be told to a remote model.

    Raises:
        SpecError: it must not be sent.
    """
    if where != THIS_MACHINE:
        later = [message.content for message in request.messages[2:] if message.role == "user"]
        _screen(config, [Part(label="feedback", text=text, origin="data") for text in (*later, request.note)], where)


def _part_of(used: Stub) -> Part:
    return Part(label=used.id.partition("::")[0], text=head_of(used), first_line=used.node.lineno)


def _screen(config: Config, parts: list[Part], where: str) -> tuple[str, ...]:
    findings = screen_prompt(parts, remote=where != THIS_MACHINE, allow=config.allow)
    if refusal := explain_refusal(findings, where):
        raise SpecError(refusal)
    return tuple(f"{finding} goes to {where}" for finding in findings)


def _test_sources(files: Iterable[Source], subject: Subject) -> list[tuple[str, int, str]]:
    """Return the tests of a spec as path, line and text."""
    names = dict.fromkeys(
        test.partition("[")[0].partition("::")[2] for test in subject.tests if not is_example(subject, test)
    )
    return [
        (file.path, file.text[: file.text.find(test)].count("\n") + 1, test)
        for file in files
        for test in read_sources(file.tree, file.text, names)
    ]


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
    return make_prompt(project.config, hold_out(project.config, subject))
