"""Adopting a body that a person wrote or edited: every gate on it as it stands, then a stamp and a record."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_compiled_ai.artifacts.exact import read_exact
from pytest_compiled_ai.artifacts.module import ArtifactModule, names_used
from pytest_compiled_ai.artifacts.plan import Change, apply_changes, plan_change
from pytest_compiled_ai.artifacts.provenance import read_records, record_path, render_records
from pytest_compiled_ai.artifacts.stamping import restamp
from pytest_compiled_ai.compiler.approval import renew_record
from pytest_compiled_ai.compiler.baseline import Baseline
from pytest_compiled_ai.compiler.examination import Examination
from pytest_compiled_ai.compiler.kept import drop_failure
from pytest_compiled_ai.compiler.project import hash_section
from pytest_compiled_ai.compiler.verification import cut_present
from pytest_compiled_ai.errors import CompiledAIError, SpecError
from pytest_compiled_ai.gates.base import Candidate, Verdict
from pytest_compiled_ai.reports.model import SpecResult

HAND = "hand"
"""The provider that a record names where a person wrote the body."""
_ASKED_NOBODY = {
    "prompt": "",
    "seed": 0,
    "temperature": 0.0,
    "attempt": 0,
    "attempts": 0,
    "prompt_tokens": 0,
    "completion_tokens": 0,
}


def adopt_body(exam: Examination) -> SpecResult:
    """Return what became of a hand-edited body; what passes every gate gets its stamp and its record at once."""
    started = time.monotonic()
    result = SpecResult(id=exam.stub.id, before=exam.standing.state, outcome="failed")
    try:
        result = _adopt(exam, result)
    except CompiledAIError as error:
        result = replace(result, message=str(error))
    finally:
        exam.shop.restore(exam.project.config.root, exam.file)
    return replace(result, seconds=time.monotonic() - started)


def _adopt(exam: Examination, result: SpecResult) -> SpecResult:
    _check_present(exam)
    text = read_exact(exam.file.target)
    baseline, artifact = exam.begin()
    result = replace(result, tier=baseline.tier, notes=baseline.notes)
    candidate = _cut(exam, artifact, baseline, text)
    verdicts = exam.judge(candidate, baseline.subject)
    if refused := next((verdict for verdict in verdicts if not verdict.passed), None):
        return replace(result, message=f"its body is refused: {refused.gate}: {refused.message}", verdicts=verdicts)
    _vouch(exam, artifact, baseline, verdicts, text)
    return replace(result, outcome="adopted", verdicts=verdicts)


def _check_present(exam: Examination) -> None:
    name = exam.file.target.relative_to(exam.project.config.root).as_posix()
    if exam.project.artifact(exam.file) is None:
        raise SpecError(f"{name} cannot be read as Python any more; mend it, then adopt again")


def _cut(exam: Examination, artifact: ArtifactModule, baseline: Baseline, text: str) -> Candidate:
    specs = {stub.name for stub in exam.file.stubs}
    section = artifact.section(exam.stub.name)
    used = names_used(section.node) if section else frozenset()
    # A helper beside the body would run unjudged: no stamp vouches for it.
    if helper := next((other.name for other in artifact.sections if other.name in used - specs), None):
        raise SpecError(f"it uses {helper}, which no spec asks for; write that inside the function, or as a spec")
    candidate = cut_present(artifact, baseline.subject, text)
    if isinstance(candidate, str):
        raise SpecError(f"{candidate}; put back what the spec says of it, or change the spec")
    return candidate


def _vouch(
    exam: Examination, artifact: ArtifactModule, baseline: Baseline, verdicts: Sequence[Verdict], text: str
) -> None:
    """Write the stamp and the record; the function stays as it is, byte for byte."""
    section = artifact.section(exam.stub.name)
    assert section is not None
    digest = exam.standing.digest
    section = replace(section, digest=digest.value, body_hash=hash_section(artifact, section))
    stamped = replace(artifact, sections=tuple(section if s.name == section.name else s for s in artifact.sections))
    path = record_path(exam.file.target)
    records = read_records(path)
    renewed = renew_record(stamped, baseline.subject, digest, verdicts, tier=baseline.tier)
    record = credit_hand(renewed, records.get(section.name, {}), baseline)
    names = {stub.name for stub in exam.file.stubs}
    kept = {name: other for name, other in records.items() if name in names}
    new = Change(path=exam.file.target, old=text, new=restamp(text, section))
    apply_changes([plan_change(path, render_records({**kept, section.name: record})), new])
    drop_failure(exam.project.config.root, exam.stub.id)


def credit_hand(renewed: Mapping[str, object], old: Mapping[str, Any], baseline: Baseline) -> dict[str, object]:
    """Return the record of a body that a person wrote or edited, with the model that wrote the one before it."""
    return {
        **_ASKED_NOBODY,
        **{key: value for key, value in renewed.items() if key != "changes"},
        "ambiguity": {},
        "held_out": sorted(baseline.subject.held.names),
        "provider": HAND,
        "model": "",
        "based_on": old.get("based_on") or old.get("model", ""),
    }
