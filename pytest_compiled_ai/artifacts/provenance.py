"""The record beside an artifact: where each body came from and what judged it. No time and no machine in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_compiled_ai.artifacts.conflict import sides_of

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One compiled body's origin.

    `digest` and `body_hash` repeat the stamp; a record whose hashes differ from the stamp's is not about that body.
    `inputs` maps each input of the spec to its hash. `gates` are those that said yes, by the name under `gate`, with
    their evidence. `held_out` are the tests, and the examples of the docstring, that the model was not told. Tokens are
    the provider's usage figures, over all attempts. `changes` are calls that the body before answered otherwise.
    `refused` are the gates that said no to the attempts before this one, in their order, with their stages.
    """

    digest: str
    body_hash: str
    inputs: Mapping[str, str]
    provider: str
    model: str
    prompt: str
    seed: int
    temperature: float
    attempt: int
    attempts: int
    prompt_tokens: int
    completion_tokens: int
    gates: tuple[Mapping[str, str], ...]
    tests: tuple[str, ...]
    held_out: tuple[str, ...]
    tier: str
    coverage: str
    compiler: str
    ambiguity: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    refused: tuple[Mapping[str, str], ...] = ()


def record_path(artifact: Path) -> Path:
    """Return where an artifact's record is: `money.py` -> `money.provenance.json`."""
    return artifact.with_suffix(".provenance.json")


def read_records(path: Path) -> dict[str, dict[str, Any]]:
    """Return the records of an artifact by stub name; none where the file is missing or damaged.

    Of a file with a merge conflict in it those of both sides are returned, ours first.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return {}
    found: dict[str, dict[str, Any]] = {}
    for side in reversed(sides_of(text)):
        found |= _read_side(side)
    return found


def is_about(record: Mapping[str, Any], digest: str, body_hash: str) -> bool:
    """Return whether a record is that of the body with this stamp."""
    return (record.get("digest"), record.get("body_hash")) == (digest, body_hash)


def _read_side(text: str) -> dict[str, dict[str, Any]]:
    try:
        return {name: record for name, record in json.loads(text)["specs"].items() if _is_record(record)}
    # A file that another program has filled may be nested as deep as it likes.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _is_record(record: object) -> bool:
    return isinstance(record, dict) and isinstance(record.get("inputs", {}), dict)


def render_records(records: Mapping[str, Record | Mapping[str, Any]]) -> str:
    """Return the record file's text: sorted, so that equal compiles give equal bytes."""
    plain = {name: asdict(record) if isinstance(record, Record) else dict(record) for name, record in records.items()}
    return json.dumps({"version": VERSION, "specs": plain}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
