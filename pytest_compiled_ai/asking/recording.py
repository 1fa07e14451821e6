"""Recording: what is open of a question is put to its provider, once, and what fits is kept beside the spec."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_compiled_ai.artifacts.plan import apply_changes, plan_change
from pytest_compiled_ai.asking.declaration import Question, read_question
from pytest_compiled_ai.asking.fitting import check_asking
from pytest_compiled_ai.asking.replies import Entry, Recording, merge, read_recording, render_recording, replies_path
from pytest_compiled_ai.asking.requests import open_again, requests_of_calls, requests_of_failure
from pytest_compiled_ai.asking.typed import TypedQuestion
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate, write_raising
from pytest_compiled_ai.compiler.kept import read_failure
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.errors import SpecError
from pytest_compiled_ai.evaluation.known_inputs import rows_of
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.providers.base import THIS_MACHINE, Message, Provider, Request
from pytest_compiled_ai.screens.gate import explain_refusal, screen_prompt
from pytest_compiled_ai.screens.model import Part
from pytest_compiled_ai.specs.model import SpecFile

_TIMES = 2
"""Questions about one entry: another where the first answer does not fit, as an artifact asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Records the replies to the question of one spec file; `subjects` are its specs that may ask it."""

    project: Project
    file: SpecFile
    question: Question
    subjects: tuple[Subject, ...]

    @property
    def provider(self) -> str:
        """The name of who is asked."""
        return self.subjects[0].stub.options.runtime_model

    def find_entries(self) -> tuple[Entry, ...]:
        """Return what is recorded, and what the tests ask beside that; what has to be asked is open."""
        recording = open_again(read_recording(self.file), self.question)
        return merge([*self._find_asked(), *recording.entries])

    def record(self, provider: Provider, say: Callable[[str], None]) -> tuple[str, ...]:
        """Ask for what is open, keep what fits, and return a line for each answer that does not."""
        entries = self.find_entries()
        asked = [entry for entry in entries if entry.is_open]
        found: list[Entry] = []
        try:
            return tuple(self._ask_all(asked, provider, found, say))
        finally:
            # What was paid for is kept, whatever ended the rest.
            if found or replies_path(self.file).exists():
                self.keep([*entries, *found])

    def keep(self, entries: Iterable[Entry]) -> None:
        """Write the file of the replies."""
        text = render_recording(Recording(self.question.hash, merge(entries)))
        apply_changes([plan_change(replies_path(self.file), text)])

    def _find_asked(self) -> Iterator[Entry]:
        root = self.project.config.root
        for subject in self.subjects:
            kept = read_failure(root, subject.stub.id) or {}
            yield from requests_of_calls(self.question, subject.stub, rows_of(root, subject))
            yield from requests_of_failure(self.question, str(kept.get("feedback", "")))

    def _ask_all(
        self, asked: Sequence[Entry], provider: Provider, found: list[Entry], say: Callable[[str], None]
    ) -> Iterator[str]:
        typed = self._type_question()
        for entry, messages in zip(asked, typed.write(entry.arguments for entry in asked), strict=True):
            turns = tuple(Message(role=each["role"], content=each["content"]) for each in messages)  # type: ignore[arg-type]
            self._screen(turns, provider.where)
            answer = _ask(typed, turns, provider)
            if "problem" in answer:
                yield f"{self.question.name} {entry.key}: the answer does not fit: {answer['problem']}"
                continue
            found.append(entry._replace(reply=answer["reply"], model=provider.model, is_open=False))
            say(f"{self.question.name} {entry.key}: {json.dumps(answer['reply'], ensure_ascii=False)}")

    def _screen(self, messages: Sequence[Message], where: str) -> None:
        parts = [Part(label=self.file.relative, text=message.content, origin="data") for message in messages]
        findings = screen_prompt(parts, remote=where != THIS_MACHINE, allow=self.project.config.allow)
        if refusal := explain_refusal(findings, where):
            raise SpecError(refusal)

    def _type_question(self) -> TypedQuestion:
        config, subject = self.project.config, self.subjects[0]
        raising = write_raising(subject)
        module = assemble(self.project.blank(self.file), subject, raising, "v1:0")
        program = cut_candidate(module, subject, raising).module
        folders = (str(config.import_root), str(config.root))
        return TypedQuestion(root=config.root, folders=folders, program=program, name=self.question.name)


def find_recorder(project: Project, file: SpecFile) -> Recorder | None:
    """Return what records the replies of a spec file, None where none of its specs may ask.

    Raises:
        SpecError: the question cannot be asked as it is written.
    """
    stubs = [stub for stub in file.stubs if stub.options.runtime_model]
    if not stubs:
        return None
    tests = ((stub, tuple(ref.id for ref in project.tests(file, stub))) for stub in stubs)
    subjects = tuple(replace(project.subject(file, stub), tests=found) for stub, found in tests)
    for subject in subjects:
        check_asking(project.config, subject)
    question = read_question(file)
    assert question is not None
    return Recorder(project=project, file=file, question=question, subjects=subjects)


def _ask(typed: TypedQuestion, turns: tuple[Message, ...], provider: Provider) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = {}
    for number in range(_TIMES):
        reply = provider.complete(Request(messages=turns, first=number == 0))
        answer = typed.read(reply.text)
        if "problem" not in answer:
            return answer
        told = Message(role="user", content=f"its answer does not fit: {answer['problem']}")
        turns = (*turns, Message(role="assistant", content=reply.text), told)
    return answer
