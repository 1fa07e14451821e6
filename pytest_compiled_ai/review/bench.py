"""A pending body on the bench: what a person wrote instead is judged, and tests are measured on it."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pytest_compiled_ai.artifacts.lock import hold_lock
from pytest_compiled_ai.artifacts.module import ArtifactModule, parse_module
from pytest_compiled_ai.artifacts.staged import write_staged
from pytest_compiled_ai.commands.strength import measure_candidate
from pytest_compiled_ai.compiler.adoption import credit_hand
from pytest_compiled_ai.compiler.approval import renew_record
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.body import Body
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.project import Project, hash_section
from pytest_compiled_ai.compiler.staging import stage
from pytest_compiled_ai.compiler.workshop import open_workshop
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import CompiledAIError, ConfigError, SpecError
from pytest_compiled_ai.evaluation.strength import Measured
from pytest_compiled_ai.gates.base import Subject
from pytest_compiled_ai.reports.model import Watcher
from pytest_compiled_ai.review.pending import Pending, pend_staged

_ONLY_THE_BODY = (
    "only the body may be edited, and imports for it: its signature, docstring and constants are the spec's"
)


def open_editor(text: str, environ: Mapping[str, str]) -> str:
    """Return what a person makes of a text in the editor that VISUAL or EDITOR names.

    Raises:
        ConfigError: it cannot be started, or it failed.
    """
    named = environ.get("VISUAL") or environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="compiled-ai-") as folder:
        path = Path(folder) / "body.py"
        path.write_text(text, encoding="utf-8")
        try:
            status = subprocess.run([*shlex.split(named), os.fspath(path)], check=False).returncode
            if not status:
                return path.read_text(encoding="utf-8")
            reason = f"it ended with {status}"
        except (OSError, ValueError) as error:
            reason = str(error)
    raise ConfigError(f"the editor {named!r} is of no use: {reason}; name another in VISUAL or EDITOR.")


def judge_edit(settings: Config, seen: Pending, text: str, watcher: Watcher) -> Pending:
    """Stage an edited body that passes every gate, and return it.

    Raises:
        SpecError: a gate refuses it, or it is more than a body; nothing is staged.
    """
    with _open_exam(settings, seen.id, watcher) as exam:
        baseline, artifact = exam.begin()
        subject, digest = baseline.subject, exam.standing.digest
        body = _read_edit(text, subject)
        module = assemble(artifact, subject, body, digest.value)
        _check_rest(module, parse_module(text, exam.file.relative), exam.stub.name)
        verdicts = exam.judge(cut_candidate(module, subject, body), subject)
        if refused := next((verdict for verdict in verdicts if not verdict.passed), None):
            raise SpecError(f"{refused.gate}: {refused.message}")
        renewed = renew_record(module, subject, digest, verdicts, tier=baseline.tier)
        record = credit_hand(renewed, seen.record, baseline)
        staged = stage(exam.project, exam.file, exam.stub, module, record)
        write_staged(settings.root, staged)
        return pend_staged(exam.project, exam.file, exam.stub, staged)


def measure_pending(settings: Config, seen: Pending, watcher: Watcher) -> Measured:
    """Return how many small changes of a pending body its tests notice."""
    found = Measured(id=seen.id, artifact=seen.file.target.relative_to(settings.root).as_posix())
    try:
        with _open_exam(settings, seen.id, watcher) as exam:
            baseline, artifact = exam.begin()
            body = read_body(seen.artifact, baseline.subject)
            if body is None:
                return replace(found, problem="its body is none for the spec as it is now")
            module = assemble(artifact, baseline.subject, body, exam.standing.digest.value)
            candidate = cut_candidate(module, baseline.subject, body)
            return replace(found, strength=measure_candidate(exam, candidate, baseline.subject))
    except CompiledAIError as error:
        return replace(found, problem=str(error))


@contextmanager
def _open_exam(settings: Config, spec: str, watcher: Watcher) -> Iterator[Examination]:
    # With the lock, as a compile: both keep mypy's cache.
    with hold_lock(settings.root, lambda: watcher.waiting("a compile is running")), open_workshop(settings) as shop:
        project = Project(settings)
        file, stub = project.find(spec)
        standing = project.standing(file, stub)
        try:
            yield Examination(project=project, file=file, stub=stub, standing=standing, shop=shop, watcher=watcher)
        finally:
            shop.restore(settings.root, file)


def _read_edit(text: str, subject: Subject) -> Body:
    try:
        edited = parse_module(text, subject.file.relative)
    except (SyntaxError, ValueError) as error:
        raise SpecError(f"it is not Python: {error}") from None
    body = read_body(edited, subject)
    if body is None or [section.name for section in edited.sections] != [subject.stub.name]:
        raise SpecError(_ONLY_THE_BODY)
    return body


def _check_rest(module: ArtifactModule, edited: ArtifactModule, name: str) -> None:
    expected, section = module.section(name), edited.section(name)
    assert expected is not None
    assert section is not None
    if hash_section(module, expected) != hash_section(edited, section):
        raise SpecError(_ONLY_THE_BODY)
