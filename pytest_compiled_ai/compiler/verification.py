"""A committed body before every gate once more, with no model: what stands in the artifact, to the byte."""

from __future__ import annotations

import ast
import time
from collections.abc import Sequence
from dataclasses import replace

from pytest_compiled_ai.artifacts.module import ArtifactModule, Definition
from pytest_compiled_ai.compiler.assembly import assemble, cut_candidate, read_body
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.helpers import find_other_helper
from pytest_compiled_ai.compiler.project import hash_section
from pytest_compiled_ai.errors import CompiledAIError
from pytest_compiled_ai.gates.base import Candidate, Subject, Verdict
from pytest_compiled_ai.reports.model import SpecResult

_NO_SECTION = "it has no body"
_AROUND = "the scaffold around it is not its template's any more"
_OTHER = "its signature, decorators or docstring are not the spec's any more"


def verify_body(exam: Examination, required: str | None = None) -> SpecResult:
    """Return whether the body of a spec passes every gate; `required` is the tier that its tests must run in."""
    started = time.monotonic()
    result = SpecResult(id=exam.stub.id, before=exam.standing.state, outcome="failed")
    try:
        result = _verify(exam, result, required)
    except CompiledAIError as error:
        result = replace(result, message=str(error))
    finally:
        exam.shop.restore(exam.project.config.root, exam.file)
    return replace(result, seconds=time.monotonic() - started)


def _verify(exam: Examination, result: SpecResult, required: str | None) -> SpecResult:
    baseline, artifact = exam.begin()
    result = replace(result, tier=baseline.tier, notes=baseline.notes)
    target = exam.file.target
    if target.is_file() and exam.project.artifact(exam.file) is None:
        return replace(result, message="its artifact cannot be read as Python; `compiled-ai check` says what to do")
    written = target.read_text(encoding="utf-8") if target.is_file() else ""
    candidate = cut_present(artifact, baseline.subject, written)
    if isinstance(candidate, str):
        return replace(result, message=f"{candidate}; run `pytest --compile-ai`")
    verdicts = exam.judge(candidate, baseline.subject)
    if refused := _refusal(verdicts):
        return replace(result, message=f"its body is refused: {refused}", verdicts=verdicts)
    if required and not baseline.tier.startswith(f"{required}:"):
        return replace(result, message=f"its tests ran {baseline.tier}, and {required} is required", verdicts=verdicts)
    return replace(result, outcome="verified", verdicts=verdicts)


def cut_present(artifact: ArtifactModule, subject: Subject, text: str) -> Candidate | str:
    """Return the body that stands in an artifact of that text as a candidate, or why it is none of this spec's."""
    section, body = artifact.section(subject.stub.name), read_body(artifact, subject)
    if section is None or body is None:
        return _NO_SECTION
    if other := find_other_helper(artifact, section, subject.helpers):
        return f"the helper {other} is not this version's"
    module = assemble(artifact, subject, body, section.digest)
    expected = module.section(subject.stub.name)
    assert expected is not None
    present = hash_section(artifact, section)
    if hash_section(module, expected) != present:
        return _AROUND if hash_section(module, replace(expected, scaffold=section.scaffold)) == present else _OTHER
    candidate = cut_candidate(module, subject, body)
    return replace(candidate, function=section.text, module=text, first_line=_line_of(text, subject.stub.name))


def _line_of(text: str, name: str) -> int:
    nodes = [node for node in ast.parse(text).body if isinstance(node, Definition)]
    node = next(node for node in nodes if node.name == name)
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _refusal(verdicts: Sequence[Verdict]) -> str:
    return next((f"{verdict.gate}: {verdict.message}" for verdict in verdicts if not verdict.passed), "")
