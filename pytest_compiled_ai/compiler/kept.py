"""What a failed compile leaves behind for `compiled-ai explain`: the prompt, the best candidate and its failure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_compiled_ai.artifacts.lock import state_folder
from pytest_compiled_ai.artifacts.plan import write_atomically
from pytest_compiled_ai.compiler.attempts import Attempt, best_of
from pytest_compiled_ai.gates.base import Subject


def keep_failure(
    root: Path, subject: Subject, attempts: Sequence[Attempt], ambiguity: Mapping[str, Any] | None = None
) -> None:
    """Write down the best of the attempts, where it was refused or `ambiguity` is why it is not taken.

    Raises:
        ConfigError: the project's scratch folder cannot be written.
    """
    best = best_of(attempts)
    if best is None or (best.passed and ambiguity is None):
        return
    kept = {
        "spec": subject.stub.id,
        "attempt": best.number,
        "attempts": [_line(attempt) for attempt in attempts],
        "prompt": [{"role": m.role, "content": m.content} for m in attempts[0].request.messages],
        "candidate": best.candidate.function if best.candidate else best.reply,
        "feedback": best.failure.feedback if best.failure else "",
        "ambiguity": ambiguity or {},
    }
    write_atomically(_path(root, subject.stub.id), json.dumps(kept, indent=2, ensure_ascii=False) + "\n")


def read_failure(root: Path, spec: str) -> dict[str, Any] | None:
    """Return what was kept about a spec, or None."""
    try:
        loaded = json.loads((root / ".compiled-ai" / _name(spec)).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return loaded if isinstance(loaded, dict) else None


def drop_failure(root: Path, spec: str) -> None:
    """Forget an earlier failure: the spec is compiled now."""
    (root / ".compiled-ai" / _name(spec)).unlink(missing_ok=True)


def _path(root: Path, spec: str) -> Path:
    return state_folder(root) / _name(spec)


def _name(spec: str) -> str:
    return spec.replace("/", ".").replace("::", ".") + ".json"


def _line(attempt: Attempt) -> str:
    return f"{attempt.number}: {attempt.failure.message if attempt.failure else 'passed'}"
