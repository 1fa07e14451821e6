"""Keeping an approved body: the artifact, and the record of how it came to be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from pytest_compiled_ai import __version__
from pytest_compiled_ai.artifacts.aside import is_damaged, put_aside
from pytest_compiled_ai.artifacts.conflict import is_conflicted
from pytest_compiled_ai.artifacts.module import ArtifactModule, render_module
from pytest_compiled_ai.artifacts.plan import apply_changes, plan_change
from pytest_compiled_ai.artifacts.provenance import Record, read_records, record_path, render_records
from pytest_compiled_ai.artifacts.staged import drop_staged
from pytest_compiled_ai.compiler.attempts import Attempt
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.gates.base import Subject, Verdict
from pytest_compiled_ai.providers.base import Provider, Request
from pytest_compiled_ai.specs.model import Digest, SpecFile, Stub


class Keep(Protocol):
    """What is done with a body that passed every gate, and with its record."""

    def __call__(
        self, config: Config, file: SpecFile, stub: Stub, module: ArtifactModule, record: Record | dict[str, object]
    ) -> None:
        """Keep the body that `module` has for a stub."""
        ...


PACKAGE = '"""Compiled from specs; see the header of each module."""\n'


def make_record(
    module: ArtifactModule,
    subject: Subject,
    digest: Digest,
    attempts: Sequence[Attempt],
    provider: Provider,
    *,
    chosen: Attempt,
    allowed: int,
    tier: str,
    ambiguity: Mapping[str, Any] | None = None,
    changes: Sequence[str] = (),
) -> Record:
    """Return the record of the chosen attempt, whose body stands in `module`; `allowed` attempts could be made."""
    section = module.section(subject.stub.name)
    assert section is not None
    return Record(
        digest=digest.value,
        body_hash=section.body_hash,
        inputs=digest.parts,
        provider=provider.name,
        model=provider.model,
        prompt=_hash_prompt(chosen.request),
        seed=chosen.request.seed,
        temperature=chosen.request.temperature,
        attempt=chosen.number,
        attempts=allowed,
        prompt_tokens=sum(attempt.prompt_tokens for attempt in attempts),
        completion_tokens=sum(attempt.completion_tokens for attempt in attempts),
        gates=describe_verdicts(chosen.verdicts),
        tests=subject.tests,
        held_out=tuple(sorted(subject.held.names)),
        tier=_word(tier),
        coverage=chosen.verdicts[-1].evidence.get("coverage", ""),
        compiler=__version__,
        ambiguity=ambiguity or {},
        changes=tuple(changes),
        refused=_describe_refusals(attempts[: chosen.number - 1]),
    )


def renew_record(
    module: ArtifactModule, subject: Subject, digest: Digest, verdicts: Sequence[Verdict], *, tier: str
) -> dict[str, object]:
    """Return the record of a body that still passes under a changed spec: who wrote it stays as it was."""
    section = module.section(subject.stub.name)
    assert section is not None
    return {
        **_read_origin(subject, section.body_hash),
        "digest": digest.value,
        "body_hash": section.body_hash,
        "inputs": digest.parts,
        "gates": describe_verdicts(verdicts),
        "tests": list(subject.tests),
        "tier": _word(tier),
        "coverage": verdicts[-1].evidence.get("coverage", ""),
        "compiler": __version__,
    }


def _read_origin(subject: Subject, body_hash: str) -> dict[str, Any]:
    """Return the record of the body that is there, not of one that a crash or a merge kept from getting there."""
    target = subject.file.target
    record = read_records(record_path(target)).get(subject.stub.name, {})
    text = target.read_text(encoding="utf-8", errors="replace") if target.is_file() else ""
    own = record.get("body_hash")
    return record if own == body_hash or (f" body {own}" in text and not is_conflicted(text)) else {}


def describe_verdicts(verdicts: Sequence[Verdict]) -> tuple[Mapping[str, str], ...]:
    """Return each gate by name with its evidence, without what is this machine's: times, and the tier in full."""
    return tuple(
        {"gate": verdict.gate, **{key: said for key, said in verdict.evidence.items() if said and key != "tier"}}
        for verdict in verdicts
    )


def _describe_refusals(attempts: Sequence[Attempt]) -> tuple[Mapping[str, str], ...]:
    failures = [attempt.failure for attempt in attempts]
    return tuple({"gate": found.gate, "stage": found.stage.name.lower()} for found in failures if found)


def keep_body(
    config: Config, file: SpecFile, stub: Stub, module: ArtifactModule, record: Record | dict[str, object]
) -> None:
    """Write an artifact, the record of one of its bodies, and the package that holds them; what was staged is past."""
    path = record_path(file.target)
    for damaged in filter(is_damaged, (path, file.target)):
        put_aside(config.root, damaged)
    names = {other.name for other in file.stubs}
    records = {name: old for name, old in read_records(path).items() if name in names}
    # The record first: a crash between the two leaves the old artifact, and its stamp is what counts.
    changes = [plan_change(path, render_records({**records, stub.name: record}))]
    packages = [folder / "__init__.py" for folder in _packages(file.target, config.generated_root)]
    changes += [plan_change(init, PACKAGE) for init in packages if not init.exists()]
    apply_changes([*changes, plan_change(file.target, render_module(module))])
    drop_staged(config.root, stub.id)


def _hash_prompt(request: Request) -> str:
    said = [f"{message.role}\0{message.content}" for message in request.messages]
    said += [request.prefill, request.note, request.opening, request.hint]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


def _word(tier: str) -> str:
    # What this machine's kernel adds is no property of the artifact.
    return "unverified" if tier.endswith("unverified") else tier.partition(":")[0]


def _packages(target: Path, root: Path) -> list[Path]:
    return [folder for folder in target.parents if folder.is_relative_to(root)]
